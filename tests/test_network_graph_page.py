"""The graph page: every operation once, parents above, valid markup."""

import xml.etree.ElementTree

import pytest
import theano
import theano.tensor as T

from network.graph_page import layout, write_graph_page


def test_every_node_lies_below_its_parents_in_a_place_of_its_own():
    parents = [[], [], [0], [0, 1], [2, 3], [], [4, 5]]
    places = layout(parents)
    assert len(set(places)) == len(parents)
    for node, above in enumerate(parents):
        for other in above:
            assert places[other][1] < places[node][1]


def test_sources_stand_next_to_their_readers():
    places = layout([[], [0], [1], [], [2, 3]])
    assert places[3][1] == places[4][1] - 1


@pytest.mark.compiled
def test_the_page_names_every_operation_and_loads_nothing(tmp_path):
    x = T.matrix('x<y>')
    function = theano.function([x], T.nnet.softmax(T.dot(x, x.T)))
    path = str(tmp_path / 'graph.html')
    write_graph_page(path, function, 'a <test> on digits')
    with open(path, encoding='utf-8') as stream:
        page = stream.read()
    nodes = function.maker.fgraph.toposort()
    assert page.count('<g data-node') == len(nodes)
    assert 'a &lt;test&gt; on digits' in page
    assert 'src=' not in page and 'href=' not in page
    drawing = page[page.index('<svg'):page.index('</svg>') + len('</svg>')]
    xml.etree.ElementTree.fromstring(drawing)
