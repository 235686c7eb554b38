"""How long steps will take: from those done, else from guesses."""

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
        if now.state not in ('done', 'no model'):
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
