"""How long steps will take, from those done or from guesses, and a bar."""

from tqdm import tqdm

#: Seconds that every command takes to start and to compile.
START = 60.


def rates(standings):
    """Measured seconds a unit by kind, of undisturbed steps of this study."""
    seconds, units = {}, {}
    for standing in standings.values():
        stamp = standing.stamp
        if standing.has_model and not (stamp['resumed']
                                       or stamp.get('published')):
            kind = stamp['kind']
            seconds[kind] = seconds.get(kind, 0) + stamp['seconds']
            units[kind] = units.get(kind, 0) + stamp['units']
    return {kind: seconds[kind] / units[kind] for kind in seconds}


def estimate(step, measured):
    """Seconds a step will take, and whether that rests on measurements."""
    if step.kind in measured:
        return measured[step.kind] * step.units, True
    return START + step.guess * step.units, False


def duration(seconds):
    """'3 h 20 min', '5 min', '12 s'."""
    if seconds >= 3600:
        return '%d h %d min' % (seconds // 3600, seconds % 3600 // 60)
    if seconds >= 60:
        return '%d min' % round(seconds / 60)
    return '%d s' % round(seconds)


def ending(stamp):
    """How a done step came to be so, in words."""
    return ('published' if stamp.get('published')
            else 'took %s' % duration(stamp['seconds']))


def listing(steps, standings):
    """The table of --dry-run, and its sum, as text."""
    measured = rates(standings)
    lines, total, guessed = [], 0., False
    for step in steps:
        now = standings[step.name]
        seconds, known = estimate(step, measured)
        text = ''
        if not now.settled:
            total += seconds
            guessed = guessed or not known
            text = '%s%s' % (duration(seconds), '' if known else '?')
        elif now.state == 'done':
            text = ending(now.stamp)
        state = '%s (%s)' % (now.state, now.why) if now.why else now.state
        lines.append('%-44s %-24s %s' % (step.name, state, text))
    lines.append('to do, one step after the other: some %s'
                 % duration(total))
    if guessed:
        lines.append('? a guess, as no step of the kind is done here yet: '
                     'trust its order of magnitude alone')
    return '\n'.join(lines)


class Progress(tqdm):
    """A bar over estimated seconds; on no terminal, lines alone."""

    def __init__(self, steps, standings):
        measured = rates(standings)
        self.weights = {step.name: estimate(step, measured)[0]
                        for step in steps}
        self.count = 0
        super().__init__(
            total=round(sum(self.weights.values())), disable=None,
            dynamic_ncols=True, bar_format='{l_bar}{bar}| {elapsed}, some '
            '{remaining} left')

    def show(self, name, result):
        """A line for a step that has ended."""
        self.count += 1
        text = ': '.join(filter(None, (result.state, result.why)))
        if result.state == 'done':
            text += ', %s' % ending(result.stamp)
            if not result.has_model:
                text += ', result: %s' % result.stamp['outcome']
        self.write('%d/%d %s: %s' % (self.count, len(self.weights), name,
                                     text))
        self.update(round(self.weights[name]))
