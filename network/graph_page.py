"""Theano's compiled graph as one HTML page, self-contained.

The published scripts drew it with pydotprint, which needs Graphviz; this
needs a browser. Operations are boxes, data flows downwards; hovering a box
shows its types and lights up its edges. Without JavaScript it is a picture.
"""

import html

from storage.atomic import atomic_file

WIDTH, HEIGHT, GAP_X, GAP_Y = 150, 26, 14, 44
SWEEPS = 8
COLOURS = (('conv', '#f4c095', ('Corr', 'Conv')),
           ('pooling', '#b8d8ba', ('Pool',)),
           ('matrix product', '#9cc5e8', ('Gemm', 'Gemv', 'Dot', 'Ger')),
           ('random numbers', '#d7b9e0', ('mrg',)),
           ('softmax, loss', '#f2a0a0', ('oftmax',)),
           ('elementwise', '#e8e8e8', ('Elemwise',)),
           ('other', '#ffffff', ('',)))   # which is in every name
STYLE = '''
body { font: 14px sans-serif; margin: 1em; color: #222; background: #fff; }
.frame { overflow: auto; border: 1px solid #ccc; max-height: 85vh; }
rect { stroke: #555; } text { font-size: 11px; pointer-events: none; }
path { fill: none; stroke: #aaa; }
path.lit { stroke: #d55e00; stroke-width: 2.5; }
i { padding: .1em .6em; border: 1px solid #555; margin-right: .6em; }
'''
SCRIPT = '''
document.querySelectorAll('g').forEach(function (box) {
  function light(on) {
    document.querySelectorAll('.n' + box.dataset.node).forEach(
      function (edge) { edge.classList.toggle('lit', on); });
  }
  box.addEventListener('mouseenter', function () { light(true); });
  box.addEventListener('mouseleave', function () { light(false); });
});
'''


def write_graph_page(path, function, title):
    """Write the compiled graph of a Theano function as an HTML page.

    The title names the model and the data set.
    """
    nodes = function.maker.fgraph.toposort()
    parents = [sorted({nodes.index(variable.owner)
                       for variable in node.inputs if variable.owner})
               for node in nodes]
    places = layout(parents)
    with atomic_file(path, 'w') as stream:
        stream.write(page(title, nodes, parents, places))


def layout(parents):
    """Place nodes in layers, each below its parents, with few crossings.

    Of lists of the nodes' parents, in topological order, a list of (int,
    int): column and layer of every node.
    """
    # Layers below a node: it comes as late as its readers let it, so that
    # no long edges come from the inputs.
    below = [0] * len(parents)
    for node in reversed(range(len(parents))):
        for other in parents[node]:
            below[other] = max(below[other], below[node] + 1)
    rows = [[] for _ in range(max(below, default=-1) + 1)]
    for node, count in enumerate(below):
        rows[-1 - count].append(node)
    neighbours = [list(above) for above in parents]
    for node, above in enumerate(parents):
        for other in above:
            neighbours[other].append(node)
    column = {node: place for row in rows for place, node in enumerate(row)}
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            arrange(row, neighbours, column)
    return [(column[node], len(rows) - 1 - count)
            for node, count in enumerate(below)]


def arrange(row, neighbours, column):
    """Order a layer by the mean column of each node's neighbours."""
    row.sort(key=lambda node: (
        sum(column[other] for other in neighbours[node])
        / max(1, len(neighbours[node]))))
    for place, node in enumerate(row):
        column[node] = place


def page(title, nodes, parents, places):
    """The whole page as text."""
    width = (WIDTH + GAP_X) * (1 + max(place[0] for place in places))
    height = (HEIGHT + GAP_Y) * (1 + max(place[1] for place in places))
    legend = ''.join('<i style="background:%s">%s</i>' % (colour, name)
                     for name, colour, _ in COLOURS)
    heading = html.escape('Training graph: %s' % title)
    body = ''.join(
        [edge(places[above], places[node], above, node)
         for node in range(len(nodes)) for above in parents[node]]
        + [box(node, places[number], number)
           for number, node in enumerate(nodes)])
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<title>%s</title><style>%s</style></head><body><h1>%s</h1>'
        '<p>%d operations as Theano compiled them. %s</p>'
        '<div class="frame"><svg xmlns="http://www.w3.org/2000/svg" '
        'role="img" aria-label="%s" width="%d" height="%d">%s</svg></div>'
        '<script>%s</script></body></html>\n'
        % (heading, STYLE, heading, len(nodes), legend, heading, width,
           height, body, SCRIPT))


def corner(place):
    """Upper left corner of a box, in pixels."""
    return (GAP_X // 2 + place[0] * (WIDTH + GAP_X),
            GAP_Y // 2 + place[1] * (HEIGHT + GAP_Y))


def edge(start, end, above, node):
    """A curve from one box's foot to another's head."""
    (x0, y0), (x1, y1) = corner(start), corner(end)
    x0, x1, y0 = x0 + WIDTH // 2, x1 + WIDTH // 2, y0 + HEIGHT
    return ('<path class="n%d n%d" d="M%d %dC%d %d %d %d %d %d"/>'
            % (above, node, x0, y0, x0, y0 + GAP_Y, x1, y1 - GAP_Y, x1, y1))


def box(node, place, number):
    """An operation: a box with its name, and its types on hovering."""
    name = str(node.op)
    colour = next(colour for _, colour, words in COLOURS
                  if any(word in name for word in words))
    types = '%s\n%s\n-> %s' % (
        name, '\n'.join('%s: %s' % (variable.name or 'input', variable.type)
                        for variable in node.inputs),
        ', '.join(str(variable.type) for variable in node.outputs))
    label = name.replace('Elemwise', '').strip('{}')
    if len(label) > 22:              # wider than the box
        label = label[:20] + '…'
    x, y = corner(place)
    return ('<g data-node="%d"><title>%s</title><rect x="%d" y="%d" rx="4" '
            'width="%d" height="%d" fill="%s"/><text x="%d" y="%d">%s</text>'
            '</g>' % (number, html.escape(types), x, y, WIDTH, HEIGHT, colour,
                      x + 6, y + 17, html.escape(label)))
