"""What the user sets for Theano, in THEANO_FLAGS and in its files.

Theano asks THEANO_FLAGS first, then the files of $THEANORC, the later ones
first; ~/.theanorc is the default. Its own module cannot be asked: importing
that imports Theano, which then has read its settings.
"""

import configparser
import os
import shlex

from errors import UserError

#: Those that change what is computed, or how fast, and that no option and
#: no other word of the environment's line tells.
TOLD = ('mode', 'linker', 'optimizer', 'optimizer_including',
        'optimizer_excluding', 'optimizer_requiring', 'cast_policy',
        'int_division', 'openmp', 'gcc.cxxflags', 'blas.ldflags',
        'lib.amdlibm')
#: The options' own: a file's are for other programs and give way.
OPTIONS = ('device', 'floatX')
#: Those with which networks do not run: Theano computes convolutions in C
#: alone, and only optimized graphs have them.
BROKEN = {'mode': ('FAST_COMPILE', 'DebugMode', 'DEBUG_MODE'),
          'linker': ('py',), 'optimizer': ('None', 'merge'),
          'compute_test_value': ('raise', 'pdb')}
#: What a file may refer to, as %(USER)s.
NAMES = ('USER', 'LSCRATCH', 'TMPDIR', 'TEMP', 'TMP')


class UserSettings:
    """The user's settings, asked by Theano's names: 'mode', 'blas.ldflags'.

    `flags` are those of THEANO_FLAGS, {name: value}. A UserError if they or
    a file are not written as Theano wants it.
    """

    def __init__(self):
        self.flags = user_flags()
        self._files = read_files()

    def find(self, name):
        """A setting's value and where it stands; (None, '') if nowhere."""
        if name in self.flags:
            return self.flags[name], 'THEANO_FLAGS'
        section, _, option = name.rpartition('.')
        section = section or 'global'
        if not self._files.has_option(section, option):
            return None, ''
        try:
            return self._files.get(section, option), files()
        except configparser.InterpolationError:   # refers to nothing
            return self._files.get(section, option, raw=True), files()

    def get(self, name):
        """A setting's value; '' where the user sets none."""
        return self.find(name)[0] or ''

    def __contains__(self, name):
        return bool(self.find(name)[1])

    def one_of(self, table):
        """The first that has a value of a table's, in words; '' if none."""
        for name, values in table.items():
            value, source = self.find(name)
            if value in values:
                return '%s sets %s=%s' % (source, name, value)
        return ''

    def over(self, ours):
        """Flags: ours, the user's instead where both set one, the user's."""
        both = {name: self.get(name) for name in ours
                if name in self and name not in OPTIONS}
        return {**ours, **both, **self.flags}

    def __str__(self):
        """Those that change what is computed: 'linker=py (THEANO_FLAGS)'."""
        return ', '.join('%s=%s (%s)' % ((name,) + self.find(name))
                         for name in TOLD if name in self)


def user_flags():
    """The user's own THEANO_FLAGS as a dict."""
    words = shlex.shlex(os.environ.get('THEANO_FLAGS', ''), posix=True)
    words.whitespace = ','
    words.whitespace_split = True
    try:
        pairs = [word.partition('=') for word in words]
    except ValueError as error:
        raise UserError('THEANO_FLAGS: expected name=value,name=value, got '
                        '%s (%s): close the quotation' % (
                            os.environ['THEANO_FLAGS'], error)) from None
    return {name.strip(): value.strip() for name, equals, value in pairs
            if equals}


def join_flags(flags):
    """Write a dict as THEANO_FLAGS; quotes protect commas and blanks."""
    return ','.join('"%s=%s"' % (name, value.replace('\\', r'\\').replace(
        '"', r'\"')) for name, value in flags.items())


def join_tags(flag, tags, user):
    """A flag of these tags and of the user's own; {} where there are none."""
    found = [*filter(None, (*tags, user.get(flag)))]
    return {flag: ':'.join(found)} if found else {}


def files():
    """Theano's files of settings, existing or not, as the user names them."""
    return os.environ.get('THEANORC', '~/.theanorc')


def unset(*names):
    """What to do where one of these settings may be at fault."""
    return 'unset %s where THEANO_FLAGS or %s sets one' % (
        ' or '.join(names), files())


def read_files():
    """Theano's files as a parser; one without options where there are none."""
    parser = configparser.ConfigParser(dict(
        escaped_names(), PID=str(os.getpid())))
    try:
        parser.read(map(os.path.expanduser, files().split(os.pathsep)))
    except (configparser.Error, UnicodeDecodeError) as error:
        raise UserError('%s: expected settings for Theano, "[global]" and '
                        'below it "name = value", got something else (%s): '
                        'mend it, or name no file by THEANORC='
                        % (files(), ' '.join(str(error).split()))) from None
    return parser


def escaped_names():
    """{name: value} of the variables that a file may refer to.

    A % in a value refers to another, unless it is doubled. Theano does not
    double it, and so does not import where, say, TMPDIR has one.
    """
    defaults = dict(dict.fromkeys(NAMES, ''),
                    USER=os.path.basename(os.path.expanduser('~')))
    return {name: os.environ.get(name, value).replace('%', '%%')
            for name, value in defaults.items()}
