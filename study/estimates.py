"""How long steps will take: from those done, else from defaults."""

#: Seconds a unit on one core of 2.5 GHz, until a step of the kind is done:
#: epochs for trainings; samples times models times arithmetics for attacks.
DEFAULTS = {'training-mnist': 200., 'training-digits': 3.,
            'algorithm1-100': .1, 'algorithm2-100': .3,
            'algorithm3-100': .1, 'algorithm4-100': 10.,
            'algorithm1-784': .4, 'algorithm2-784': .6,
            'algorithm3-784': .4}


def rates(standings):
    """Measured seconds a unit by kind, of undisturbed finished steps."""
    seconds, units = {}, {}
    for standing in standings.values():
        stamp = standing.stamp
        if standing.has_model and not stamp['resumed']:
            kind = stamp['kind']
            seconds[kind] = seconds.get(kind, 0) + stamp['seconds']
            units[kind] = units.get(kind, 0) + stamp['units']
    return {kind: seconds[kind] / units[kind] for kind in seconds}


def estimate(step, measured):
    """Seconds a step will take, and whether that rests on measurements."""
    rate = measured.get(step.kind, DEFAULTS.get(step.kind, 1.))
    return rate * step.units, step.kind in measured


def duration(seconds):
    """'3 h 20 min', '5 min', '12 s'."""
    if seconds >= 3600:
        return '%d h %d min' % (seconds // 3600, seconds % 3600 // 60)
    if seconds >= 60:
        return '%d min' % round(seconds / 60)
    return '%d s' % round(seconds)


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
            text = 'took %s' % duration(now.stamp['seconds'])
        state = '%s (%s)' % (now.state, now.why) if now.why else now.state
        lines.append('%-44s %-24s %s' % (step.name, state, text))
    lines.append('to do, one step after the other: some %s'
                 % duration(total))
    if guessed:
        lines.append('? from defaults, as no step of the kind is done yet: '
                     'trust its order of magnitude alone')
    return '\n'.join(lines)
