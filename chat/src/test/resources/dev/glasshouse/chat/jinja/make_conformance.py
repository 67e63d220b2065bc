"""Renders small templates with Jinja2 3.1.6, called as transformers calls it, into conformance.jsonl.

Run: pip install jinja2==3.1.6 && python3 make_conformance.py > conformance.jsonl
"""
import datetime, json, sys
import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

assert jinja2.__version__ == "3.1.6"


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_run"), [], [], body).set_lineno(line)

    def _run(self, caller):
        return caller()


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
env.filters["tojson"] = tojson
env.globals["raise_exception"] = raise_exception
env.globals["strftime_now"] = lambda f: datetime.datetime(2024, 7, 26, 15, 4, 9).strftime(f)

VARIABLES = {
    "s": "Hello, World", "e": "", "u": "Grüße 😀 日本", "ws": "  a  b\tc \n d ", "n": 7, "z": 0, "neg": -3, "f": 2.5,
    "t": True, "no": False, "nil": None, "l": [3, 1, 2], "ls": ["b", "A", "c", "a"], "el": [],
    "d": {"b": 1, "a": "x", "C": [1, 2]}, "ed": {}, "nested": {"a": {"b": [{"c": 5}]}, "items": "shadow"},
    "users": [{"name": "Ann", "age": 30, "city": "NY"}, {"name": "bob", "age": 25, "city": "ny"},
              {"name": "Cy", "age": 30, "city": "LA", "admin": True}],
    "q": "it's \"quoted\" \\ \n\t\x01é", "html": "<a href=\"x\">&'</a>", "big": 12345678901234567890, "small": 1e-7,
    "x10": 1e16, "pi": 3.14159265,
}

# Each line is one template; \n in it is a newline.
TEMPLATES = r"""
{{ s }}|{{ n }}|{{ f }}|{{ t }}|{{ nil }}|{{ l }}|{{ d }}
{{ undefined_thing }}|{{ d.missing }}|{{ l[9] }}|{{ s.nothing }}
{{ undefined_thing.attr }}
{{ undefined_thing['x'] }}
{{ undefined_thing() }}
{{ undefined_thing + 1 }}
{{ 1 + undefined_thing }}
{{ undefined_thing < 1 }}
{{ d.missing.more }}
{{ nil.x }}|{{ nil['x'] }}
{{ nil.x.y }}
{{ undefined_thing == other_undefined }}|{{ undefined_thing == none }}|{{ not undefined_thing }}|{{ undefined_thing is defined }}
{{ undefined_thing ~ 'x' }}|{{ undefined_thing|length }}|{{ undefined_thing|list }}|{{ undefined_thing|upper }}|{{ undefined_thing|join }}
{{ undefined_thing|int }}
{{ undefined_thing|tojson }}
{{ 'a' in undefined_thing }}|{% for x in undefined_thing %}x{% else %}none{% endfor %}
{{ 1 + 2 * 3 - 4 / 2 }}|{{ 7 // 2 }}|{{ -7 // 2 }}|{{ 7 % 3 }}|{{ -7 % 3 }}|{{ 7 % -3 }}|{{ 2 ** 10 }}|{{ 2 ** -1 }}|{{ -2 ** 2 }}|{{ 2 ** 3 ** 2 }}
{{ 7.5 // 2 }}|{{ -7.5 % 2 }}|{{ 1 / 3 }}|{{ 10 / 5 }}|{{ 1e3 }}|{{ 1.5e300 * 1e10 }}|{{ 0.1 + 0.2 }}|{{ 100000000000000000.0 }}|{{ 1e22 }}|{{ 123456789.123 }}
{{ small }}|{{ x10 }}|{{ big }}|{{ big * big }}|{{ pi }}|{{ 1_000 }}|{{ 0x1F }}|{{ 0b101 }}|{{ 0o17 }}|{{ 1_0.2_5 }}
{{ 1 / 0 }}
{{ 1 // 0 }}
{{ 1 % 0 }}
{{ 1.0 / 0 }}
{{ 'a' + 1 }}
{{ 1 + 'a' }}
{{ [1] + 'a' }}
{{ 'a' - 'b' }}
{{ none + 1 }}
{{ 'ab' * 3 }}|{{ 3 * 'ab' }}|{{ [1, 2] * 2 }}|{{ 'x' * -1 }}|{{ (1,) * 2 }}
{{ 'a' 'b' "c" }}|{{ 'a' ~ 1 ~ none ~ true ~ [1] }}
{{ [1] + [2, 3] }}|{{ (1, 2) + (3,) }}|{{ () }}|{{ (1,) }}|{{ [] }}|{{ {} }}
{{ +n }}|{{ -n }}|{{ -f }}|{{ --n }}|{{ not t }}|{{ not not n }}|{{ -true }}
{{ 1 < 2 < 3 }}|{{ 1 < 3 < 2 }}|{{ 1 == 1.0 }}|{{ 1 == true }}|{{ '1' == 1 }}|{{ [1, 2] == [1, 2] }}|{{ (1, 2) == [1, 2] }}|{{ {'a': 1} == {'a': 1.0} }}
{{ 'a' < 'b' }}|{{ 'a' < 'B' }}|{{ [1, 2] < [1, 3] }}|{{ (1,) < (1, 0) }}|{{ 2 > 1.5 }}|{{ 'é' > 'z' }}|{{ '😀' > '\uffee' }}
{{ 1 < 'a' }}
{{ none < 1 }}
{{ [] < {} }}
{{ 1 in l }}|{{ 9 not in l }}|{{ 'll' in s }}|{{ 'a' in d }}|{{ 'z' in d }}|{{ '' in s }}|{{ 1 in (1, 2) }}|{{ 1.0 in l }}
{{ 1 in s }}
{{ 'a' in 5 }}
{{ 'a' in none }}
{{ e or 'alt' }}|{{ s and 'yes' }}|{{ z or nil }}|{{ el or ed or 'last' }}|{{ nil and x }}
{{ 'a' if t else 'b' }}|{{ 'a' if no else 'b' }}|[{{ 'a' if no }}]|{{ 'a' if no else 'b' if no else 'c' }}
{{ ('a' if no).x }}
{{ s[0] }}|{{ s[-1] }}|{{ s[1:4] }}|{{ s[:-1] }}|{{ s[::-1] }}|{{ s[::2] }}|{{ s[10:2:-3] }}|{{ s[100:] }}|{{ s[-100:2] }}|{{ s[5:1] }}
{{ u[6] }}|{{ u[6:8] }}|{{ u[::-1] }}|{{ u|length }}|{{ u|list }}
{{ l[0] }}|{{ l[-1] }}|{{ l[1:] }}|{{ l[::-1] }}|{{ l[:1] }}|{{ (1, 2, 3)[1:] }}|{{ range(10)[2:5] }}|{{ range(10)[::-2]|list }}|{{ l[true] }}
{{ l[::0] }}
{{ l['a'] }}|{{ l[1.5] }}|{{ s['upper']() }}|{{ d['items']()|list }}|{{ 5[0] }}
{{ l['a':] }}
{{ d.b }}|{{ d['a'] }}|{{ d.C[1] }}|{{ d.get('b') }}|{{ d.get('z') }}|{{ d.get('z', 9) }}|{{ nested.a.b[0].c }}|{{ nested.a.b.0.c }}
{{ nested.items() }}
{{ nested['items'] }}|x
{{ d.items() }}|{{ d.keys() }}|{{ d.values() }}|{{ d.items()|list }}|{{ d|list }}|{{ d|items|list }}|{{ d.copy() }}
{{ d.items()[0] }}|x
{{ d.update({'a': 1}) }}
{{ l.append(1) }}
{{ l.pop() }}
{{ s.__class__ }}
{{ s.__class__.__mro__ }}
{{ ''['__class__'] }}
{{ [1, 2, 2].count(2) }}|{{ [1, 2].index(2) }}|{{ (1, 2).index(1) }}
{{ [1].index(5) }}
{{ {1: 'a', 1.0: 'b', true: 'c', 'x': 2} }}|{{ {(1, 2): 3}[(1, 2)] }}
{{ {[1]: 2} }}
{{ s.upper() }}|{{ s.lower() }}|{{ s.title() }}|{{ 'hello wORLD'.capitalize() }}|{{ s.swapcase() }}|{{ "it's o'neil-smith".title() }}|{{ 'ß'.upper() }}|{{ 'ΑΣ'.lower() }}
{{ ws.strip() }}|{{ ws.lstrip() }}|{{ ws.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abcba'.strip('ab') }}|{{ 'xya'.lstrip('xy') }}|{{ ' a'.strip(none) }}
{{ ws.split() }}|{{ 'a,b,,c'.split(',') }}|{{ 'a,b,c'.split(',', 1) }}|{{ 'a,b,c'.rsplit(',', 1) }}|{{ ' a  b  c '.split(none, 1) }}|{{ ' a  b  c '.rsplit(none, 1) }}|{{ ''.split() }}|{{ ''.split(',') }}|{{ 'abc'.split('abc') }}
{{ 'a<think>b</think>c'.split('</think>')[-1] }}|{{ 'a b'.split(maxsplit=0) }}|{{ 'aXbXc'.rsplit('X') }}|{{ 'a--b--c'.rsplit('--', 5) }}
{{ 'a'.split('') }}
{{ 'a\nb\r\nc\x0bd\n'.splitlines() }}|{{ 'a\nb\n'.splitlines(true) }}|{{ ''.splitlines() }}
{{ s.replace('l', 'L') }}|{{ s.replace('l', 'L', 1) }}|{{ 'aaa'.replace('', '-') }}|{{ 'aaa'.replace('', '-', 2) }}|{{ 'abc'.replace('x', 'y') }}|{{ ''.replace('', 'x') }}
{{ s.startswith('Hell') }}|{{ s.startswith(('x', 'H')) }}|{{ s.endswith('ld') }}|{{ s.startswith('e', 1) }}|{{ s.endswith('o', 0, 5) }}|{{ s.startswith('') }}
{{ s.startswith(1) }}
{{ s.find('o') }}|{{ s.rfind('o') }}|{{ s.find('z') }}|{{ s.index('W') }}|{{ s.find('o', 5) }}|{{ s.find('o', 0, 3) }}|{{ u.find('日') }}|{{ s.count('l') }}|{{ s.count('') }}|{{ 'aaaa'.count('aa') }}|{{ s.rfind('l', 0, 5) }}
{{ s.index('zz') }}
{{ s.partition(', ') }}|{{ s.rpartition('o') }}|{{ s.partition('zz') }}|{{ s.rpartition('zz') }}
{{ s.removeprefix('Hello') }}|{{ s.removesuffix('World') }}|{{ s.removeprefix('x') }}
{{ '-'.join(['a', 'b']) }}|{{ ''.join([]) }}|{{ ', '.join('abc') }}
{{ '-'.join([1]) }}
{{ 'a'.ljust(5) }}|{{ 'a'.rjust(5, '*') }}|{{ 'ab'.center(7, '-') }}|{{ 'ab'.center(6, '-') }}|{{ 'abc'.center(6, '-') }}|{{ '-42'.zfill(6) }}|{{ 'x'.zfill(3) }}
{{ '12'.isdigit() }}|{{ 'a1'.isalnum() }}|{{ 'ab'.isalpha() }}|{{ ' \t'.isspace() }}|{{ ''.isspace() }}|{{ 'AB'.isupper() }}|{{ 'ab1'.islower() }}|{{ 'Ab Cd'.istitle() }}|{{ '½'.isnumeric() }}|{{ 'é'.isascii() }}|{{ 'a_1'.isidentifier() }}|{{ 'a\tb'.expandtabs(4) }}
{{ '{} {}'.format(1, 'a') }}|{{ '{1}{0}'.format('a', 'b') }}|{{ '{x}'.format(x=5) }}|{{ '{0[1]}{1[b]}'.format(l, d) }}|{{ '{{}}'.format() }}|{{ '{!r}'.format('a') }}|{{ '{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd') }}
{{ '{:05d}|{:,}|{:.2f}|{:e}|{:g}|{:%}|{:x}|{:#X}|{:b}|{:+d}|{:_}'.format(42, 1234567, 3.14159, 12345.678, 0.00001, 0.25, 255, 255, 5, 3, 1000000) }}
{{ '{:.3}|{:10.2f}|{:<10}|{:{}}|'.format('abcdef', 2.5, 3, 'x', 4) }}|{{ '{:08.3f}'.format(-3.14159) }}|{{ '{:.0f}{:.0f}'.format(0.5, 1.5) }}|{{ '{:g}|{:g}|{:.3g}'.format(100000.0, 1000000.0, 1234.5) }}|{{ '{:010,}'.format(1234) }}
{{ '{}'.format() }}
{{ '{x}'.format() }}
{{ '{'.format() }}
{{ '{:d}'.format('a') }}
{{ '%s and %s' % ('a', 1) }}|{{ '%d%%' % 5 }}|{{ '%5.2f|%-5s|%05d|%x|%r' % (3.14159, 'a', 42, 255, 'q') }}|{{ '%(a)s' % {'a': 1} }}|{{ '%s' % 'x' }}|{{ '%+d' % 3 }}|{{ '%e' % 12345.678 }}|{{ '%g' % 1e-5 }}|{{ '%c' % 65 }}|{{ '%.3s' % 'abcdef' }}|{{ '%s' % [1, 2] }}
{{ '%d' % 'a' }}
{{ '%s %s' % 'a' }}
{{ '%s' % (1, 2) }}
{{ '%z' % 1 }}
{{ "%s-%s"|format('a', 2) }}|{{ '%(x)s'|format(x=3) }}
{{ q|tojson }}|{{ d|tojson }}|{{ [1, 2.0, none, true, 'é😀']|tojson }}|{{ html|tojson }}|{{ {'a': (1, 2)}|tojson }}|{{ {1: 2, none: 3, true: 4}|tojson }}
{{ d|tojson(indent=2) }}
{{ {'a': [], 'b': {}, 'c': [1, {'d': 2}]}|tojson(indent=4) }}|{{ d|tojson(sort_keys=true) }}|{{ d|tojson(separators=(',', ':')) }}|{{ u|tojson(ensure_ascii=true) }}
{{ range(3)|tojson }}
{{ users|map(attribute='name')|tojson }}
{{ q }}|{{ [q] }}|{{ ["it's"] }}|{{ ['a"b'] }}|{{ [1.0, 1e100, -0.0] }}|{{ ['\u200b', '\x7f', 'é'] }}
{{ l|sort }}|{{ ls|sort }}|{{ ls|sort(case_sensitive=true) }}|{{ l|sort(reverse=true) }}|{{ users|sort(attribute='age')|map(attribute='name')|list }}|{{ users|sort(attribute='age,name', reverse=true)|map(attribute='name')|list }}
{{ [1, 'a']|sort }}
{{ ls|unique|list }}|{{ ['a', 'A', 'b']|unique|list }}|{{ ['a', 'A']|unique(case_sensitive=true)|list }}|{{ users|unique(attribute='age')|map(attribute='name')|list }}
{{ l|min }}|{{ l|max }}|{{ ls|min }}|{{ ls|max }}|{{ users|max(attribute='age') }}|[{{ []|min }}]
{{ l|sum }}|{{ users|sum(attribute='age') }}|{{ [1.5, 2]|sum }}|{{ []|sum }}|{{ l|sum(start=10) }}
{{ l|first }}|{{ l|last }}|{{ 'abc'|first }}|{{ 'abc'|last }}|[{{ []|first }}]|[{{ []|last }}]|{{ d|first }}|{{ d|last }}
{{ l|join }}|{{ l|join(', ') }}|{{ users|join(', ', attribute='name') }}|{{ 'abc'|join('-') }}|{{ d|join('+') }}|{{ [1, none, true]|join(',') }}
{{ 5|join }}
{{ l|reverse|list }}|{{ 'abc'|reverse }}|{{ (1, 2)|reverse|list }}|{{ range(3)|reverse|list }}
{{ l|length }}|{{ s|length }}|{{ d|length }}|{{ d|count }}|{{ range(5)|length }}
{{ 5|length }}
{{ (l|map('string'))|length }}
{{ l|map('string')|list }}|{{ ls|map('upper')|join }}|{{ users|map(attribute='admin', default='no')|list }}|{{ users|map(attribute='admin')|list }}|{{ [[1, 2], [3]]|map('sum')|list }}|{{ ls|map('replace', 'a', 'z')|list }}|{{ users|map(attribute='x.y', default=0)|list }}
{{ l|map|list }}
{{ l|map('nofilter')|list }}
{{ l|select('odd')|list }}|{{ l|reject('odd')|list }}|{{ l|select('gt', 1)|list }}|{{ [0, 1, '', 'a']|select|list }}|{{ [0, 1]|reject|list }}|{{ ls|select('equalto', 'b')|list }}|{{ ls|select('in', ['a', 'b'])|list }}
{{ users|selectattr('admin')|map(attribute='name')|list }}|{{ users|selectattr('admin', 'defined')|list|length }}|{{ users|rejectattr('age', 'equalto', 30)|map(attribute='name')|list }}|{{ users|selectattr('age', '==', 30)|map(attribute='name')|list }}|{{ users|rejectattr('admin')|list|length }}
{{ users|groupby('city')|map('first')|list }}|{% for c, us in users|groupby('city') %}{{ c }}:{{ us|length }};{% endfor %}|{% for g in users|groupby('age') %}{{ g.grouper }}={{ g.list|map(attribute='name')|join('+') }} {% endfor %}|{{ users|groupby('city', case_sensitive=true)|length }}|{{ users|groupby('admin', default=false)|length }}
{{ [1, 2, 3, 4, 5]|batch(2)|list }}|{{ [1, 2, 3]|batch(2, 'x')|list }}|{{ [1, 2, 3, 4, 5]|slice(3)|list }}|{{ [1, 2, 3, 4]|slice(3, 'x')|list }}
{{ d|dictsort }}|{{ d|dictsort(true) }}|{{ d|dictsort(reverse=true) }}|{{ {'a': 2, 'b': 1}|dictsort(by='value') }}
{{ d|dictsort(by='x') }}
{{ l|dictsort }}
{{ l|items|list }}
{{ nil|items|list }}
{{ '42'|int }}|{{ '42.9'|int }}|{{ 'x'|int }}|{{ 'x'|int(5) }}|{{ '0x1f'|int(base=16) }}|{{ 3.9|int }}|{{ -3.9|int }}|{{ true|int }}|{{ none|int }}|{{ ' 7 '|int }}|{{ '1_000'|int }}|{{ 'ff'|int(0, 16) }}|{{ []|int }}|{{ '1e3'|int }}
{{ '4.5'|float }}|{{ 'x'|float }}|{{ 'x'|float(1.5) }}|{{ 3|float }}|{{ '1e3'|float }}|{{ 'inf'|float }}|{{ 'nan'|float }}|{{ none|float }}
{{ 42.55|round }}|{{ 42.55|round(1) }}|{{ 42.55|round(1, 'floor') }}|{{ 42.51|round(0, 'ceil') }}|{{ 2.5|round }}|{{ 3.5|round }}|{{ 7|round }}|{{ 1234|round(-2) }}|{{ 42|round(1, 'ceil') }}|{{ 2.675|round(2) }}
{{ 1|round(0, 'up') }}
{{ -3|abs }}|{{ -2.5|abs }}|{{ neg|abs }}
{{ 'a'|abs }}
{{ ws|trim }}|{{ 'xxa'|trim('x') }}|{{ 5|trim }}|{{ none|trim }}|{{ s|upper }}|{{ s|lower }}|{{ 'hello wORLD foo-bar (baz)'|title }}|{{ 'hELLO'|capitalize }}|{{ 5|string + 'a' }}|{{ none|upper }}|{{ s|replace('l', 'x', 2) }}|{{ 123|replace(2, 'x') }}
{{ 'a\nb\n\nc'|indent }}|{{ 'a\nb'|indent(2, true) }}|{{ 'a\n\nb'|indent(2, blank=true) }}|{{ 'a\nb'|indent('> ') }}|{{ ''|indent }}|{{ 'a\n'|indent(2) }}|{{ 'a\nb'|indent(first=true) }}
{{ 5|indent }}
{{ 'a b c d e f g h'|truncate(9) }}|{{ 'abcdefghijklmnop'|truncate(9, true) }}|{{ 'abc'|truncate(3) }}|{{ 'foo bar baz qux'|truncate(11, false, '..', 0) }}
{{ 'a b, c-d'|wordcount }}|{{ 'ab'|center(6) }}|{{ 1234567|filesizeformat }}|{{ 1|filesizeformat }}|{{ 999|filesizeformat }}|{{ 2048|filesizeformat(true) }}|{{ 'a b/c?é'|urlencode }}|{{ {'a b': 'c&d'}|urlencode }}
{{ html|e }}|{{ html|escape }}|{{ html|safe }}|{{ (html|safe) + '<' }}|{{ '<' + (html|safe) }}|{{ (html|safe) ~ '<' }}|{{ ('<b>'|safe)|e }}|{{ ('%s'|safe) % '<' }}|{{ ('<b>'|safe)|forceescape }}|{{ [html|safe, '<']|join }}|{{ ('a'|safe).replace('a', '<') }}
{{ x|default('d') }}|{{ e|default('d') }}|{{ e|default('d', true) }}|{{ nil|default('d') }}|{{ nil|default('d', boolean=true) }}|{{ x|d }}|{{ d.q.r|default('a') }}
{{ d.q|default('a') }}|{{ s|attr('upper')() }}|[{{ d|attr('b') }}]
{{ s|nofilter }}
{{ 'a' if no else 'b'|nofilter }}
{{ s is nosuchtest }}
{{ n is odd }}|{{ n is even }}|{{ 9 is divisibleby 3 }}|{{ 9 is divisibleby(2) }}|{{ s is string }}|{{ d is mapping }}|{{ l is sequence }}|{{ s is sequence }}|{{ d is sequence }}|{{ n is sequence }}|{{ l is iterable }}|{{ n is iterable }}|{{ d.items() is sequence }}|{{ d.items() is iterable }}|{{ range(3) is sequence }}|{{ undefined_thing is iterable }}|{{ undefined_thing is sequence }}
{{ n is number }}|{{ t is number }}|{{ f is float }}|{{ n is integer }}|{{ t is integer }}|{{ t is boolean }}|{{ t is true }}|{{ no is false }}|{{ 1 is true }}|{{ nil is none }}|{{ s is not none }}|{{ x is undefined }}|{{ x is not defined }}|{{ range is callable }}|{{ s is callable }}|{{ 'abc' is lower }}|{{ 'ABC' is upper }}
{{ 1 is eq 1 }}|{{ 1 is ne 2 }}|{{ 1 is lt 2 }}|{{ 2 is ge 2 }}|{{ 1 is in [1, 2] }}|{{ 1 is sameas 1 }}|{{ none is sameas none }}|{{ 'upper' is filter }}|{{ 'nope' is filter }}|{{ 'odd' is test }}|{{ ('a'|safe) is escaped }}|{{ 3 is not in [1] }}
{{ not x is defined }}|{{ x is defined and x }}|{{ n is odd or no }}|{{ 'a' if n is odd else 'b' }}|{{ (n is odd) is true }}
{% if n > 5 %}big{% elif n > 2 %}mid{% else %}small{% endif %}|{% if no %}a{% elif nil %}b{% else %}c{% endif %}|{% if el %}x{% endif %}
{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}:{{ x }};{% endfor %}
{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}|{% for x in l %}{{ loop.cycle('a', 'b') }}{% endfor %}|{% for x in [1, 1, 2] %}{{ loop.changed(x) }} {% endfor %}
{% for x in l if x > 1 %}{{ x }}{{ loop.length }}{{ loop.last }},{% else %}none{% endfor %}|{% for x in l if x > 5 %}{{ x }}{% else %}none{% endfor %}|{% for x in [] %}a{% else %}empty{% endfor %}
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}|{% for k in d %}{{ k }}{% endfor %}|{% for a, b in [[1, 2], (3, 4)] %}{{ a }}{{ b }} {% endfor %}|{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}|{% for c in 'ab😀' %}<{{ c }}>{% endfor %}
{% for a, b in [1] %}{% endfor %}
{% for a, b in [[1]] %}{% endfor %}
{% for a, b in [[1, 2, 3]] %}{% endfor %}
{% for a in 5 %}{% endfor %}
{% for a in none %}{% endfor %}
{% for x in range(5) %}{% if x == 1 %}{% continue %}{% endif %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}|{% for x in range(3) %}{% for y in range(3) %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}
{% for i in [1, [2, [3]], 4] recursive %}{% if i is iterable %}({{ loop(i) }}){% else %}{{ loop.depth }}{{ i }}{% endif %}{% endfor %}
{% for x in l %}{{ loop(l) }}{% endfor %}
{% set x = 1 %}{% for i in l %}{% set x = x + i %}{{ x }}{% endfor %}|{{ x }}
{% set ns = namespace(x=1, y='a') %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}{{ ns.y }}|{{ ns.z }}|{{ ns['x'] }}
{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}|{% set d.x = 1 %}
{% set undefd.x = 1 %}
{% set a, b = 1, 2 %}{{ a }}{{ b }}|{% set a = 1, 2 %}{{ a }}|{% set (a, b) = [3, 4] %}{{ a + b }}
{% if t %}{% set y = 5 %}{% endif %}{{ y }}|{% for i in [1] %}{% if t %}{% set w = 1 %}{% endif %}{{ w }}{% endfor %}[{{ w }}]
{% set x %}a{{ n }}b{% endset %}{{ x }}|{% set x | upper %}abc{% endset %}{{ x }}|{% set x | replace('a', 'z') | upper %}abc{% endset %}{{ x }}
{% set x %}  hi  {% set inner = 5 %}{% endset %}[{{ x|trim }}]{{ inner }}
{% macro m(a, b=2, c='x') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}|{{ m(1, 3) }}|{{ m(1, c='y') }}|{{ m(b=5, a=6) }}|{{ m() }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, x=2) }}
{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}|{{ m() }}
{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}|{{ m.name }}
{% macro m(x) %}{{ x }}{% if x > 0 %}{{ m(x - 1) }}{% endif %}{% endmacro %}{{ m(3) }}
{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}body{{ n }}{% endcall %}|{% macro w(l) %}{% for i in l %}{{ caller(i) }},{% endfor %}{% endmacro %}{% call(x) w(l) %}<{{ x }}>{% endcall %}
{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}
{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}
{% macro m() %}{{ outer }}{% endmacro %}{% set outer = 'o' %}{{ m() }}
{% set v = 1 %}{% macro m() %}{% set v = 2 %}{{ v }}{% endmacro %}{{ m() }}{{ v }}
{% macro a() %}A{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}
{% macro m(x) %}{{ x }}{% endmacro %}{{ m('<b>') ~ 'c' }}|{{ m('a')|upper }}|{{ m('a') is string }}
{% filter upper %}abc{{ s }}{% endfilter %}|{% filter replace('a', 'b')|upper %}aaa{% endfilter %}
{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}|{{ a }}|{% with n = n + 1 %}{{ n }}{% endwith %}{{ n }}|{% set p = 1 %}{% with p = 2, r = p %}{{ r }}{% endwith %}
{% generation %}gen{{ n }}{% endgeneration %}|{% block b %}blk{{ n }}{% endblock %}|{% print 5 %}
{% raw %}{{ not }} {% even %}{% endraw %}|{%- raw -%}  {{ x }}  {%- endraw -%}  |
a{# comment #}b|{#- strip -#} c|{# multi\nline #}\nx
{% if t %}\nyes\n{% endif %}\nend
  {% if t %}\n  yes\n  {% endif %}\n end
a  {%- if t -%}  b  {%- endif -%}  c
a\n  {%+ if t %}b\n  {%+ endif %}\nc
x {{- s -}} y|{{ s -}}\n\n z
{% for x in l -%}\n  {{ x }}\n{%- endfor %}\nend
{{ '\n' }}|{{ 'a\tb' }}|{{ '\x41\u00e9\101' }}|{{ 'it\'s' }}|{{ "\"" }}|{{ '\q' }}|{{ '\\n' }}
{{ "a\\\nb" }}|{{ 'trailing' }}\n
line1\r\nline2\r{{ s }}\n\n
{{ {'a': {'b': 1}}['a']['b'] }}|{{ {'x': [1, 2]}.x[0] }}|{{ [[1, 2], [3]][0][1] }}|{{ ({'a': 1}) }}|{{ {'a': 1,} }}|{{ [1, 2,] }}
{{ range(3)|list }}|{{ range(1, 4)|list }}|{{ range(10, 0, -3)|list }}|{{ range(0)|list }}|{{ range(5) }}|{{ range(5)[1] }}|{{ 3 in range(5) }}
{{ range(100001) }}
{{ range(1, 2, 0) }}
{{ range('a') }}
{{ dict(a=1, b=2) }}|{{ dict([('x', 1)]) }}|{{ dict({'q': 1}, r=2) }}|{{ cycler('a', 'b').next() }}|{% set j = joiner('; ') %}{{ j() }}a{{ j() }}b|{% set c = cycler(1, 2) %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}
{{ strftime_now('%Y-%m-%d %H:%M:%S %d %b %B %a %A %j %p %I %y %%') }}|{{ strftime_now('%-d/%-m %e') }}
{{ raise_exception('No: ' ~ n) }}
{{ messages[0].content }}
{{ lipsum }}{% include 'x' %}
{% if %}x{% endif %}
{% if t %}x
{% for x in l %}x{% endif %}
{% unknown %}
{% endif %}
{{ }}
{{ 1 + }}
{{ (1 }}
{{ 1) }}
{{ [1 }}
{{ 'abc }}
{{ a b }}
{{ a.'b' }}
{{ 1 ! 2 }}
{{ s | }}
{# open
{% raw %}x
{% set %}
{% set 1 = 2 %}
{% set true = 2 %}
{% for x y %}{% endfor %}
{% macro m(a=1, b) %}{% endmacro %}
{% break %}
{% call s %}{% endcall %}
{{ m(a=1, 2) }}
{{ m(**{'a': 1}) }}
{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1, 2]) }}|{{ m(**{'a': 1, 'b': 2}) }}|{{ m(1, *[2]) }}
{{ s.upper(1) }}
{{ s.nosuch() }}
{{ n() }}
{{ 1 if t }}{{ 2 if no }}|{{ (1, 2)|join(',') }}|{{ 1, 2 }}|{{ (1) }}
{{ s|length > 3 }}|{{ 'a' ~ n + 1 }}|{{ 2 * n ~ 'x' }}|{{ -n|abs }}|{{ (-n)|abs }}|{{ not s in ['a'] }}|{{ n == 7 and s != '' or no }}|{{ 10 - 2 - 3 }}|{{ 2 * 3 % 4 }}
{{ true and false or true }}|{{ True }}|{{ None }}|{{ none }}|{{ False }}|{{ [true, none] }}
{% set loop = 5 %}{{ loop }}|{% for x in [1] %}{{ loop.index }}{% endfor %}|{{ loop }}
{% for m in users %}{% if loop.first %}{% set first = m.name %}{% endif %}{{ first }}{% endfor %}
{% set ns = namespace(found=false) %}{% for x in l if not ns.found %}{{ x }}{% set ns.found = true %}{% endfor %}
{% set ns = namespace(l=[]) %}{% for x in l %}{% set ns.l = ns.l + [x * 2] %}{% endfor %}{{ ns.l }}
{% for x in l|sort|reverse %}{{ x }}{% endfor %}|{% set g = l|map('string') %}{{ g|list }}{{ g|list }}|{% for x in l %}{% for y in l %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor %}
{{ users[0]['name'] }}|{{ (users|first).name }}|{{ users[-1:][0].name }}|{{ users|length - 1 }}|{{ users[users|length - 1].name }}
{{ 'A' < 'a' }}|{{ ['a', 'B']|sort|join }}|{{ 'x' if s.startswith('H') and 'W' in s else 'y' }}|{{ s.split(', ')|last }}
""".strip("\n").split("\n")

for template in TEMPLATES:
    source = template.replace("\\n", "\n") if "'" not in template and '"' not in template else template
    if template.startswith(("{% if t %}\\n", "  {% if", "a\\n", "{% for x in l -%}", "line1", "x {{-")) or template.endswith("\\n"):
        source = template.replace("\\n", "\n").replace("\\r", "\r")
    line = {"template": source}
    try:
        line["expected"] = env.from_string(source).render(**VARIABLES)
    except Exception as error:
        line["error"] = type(error).__name__ + ": " + str(error)
    json.dump(line, sys.stdout, ensure_ascii=False)
    print()
json.dump({"variables": VARIABLES}, sys.stdout, ensure_ascii=False)
print()
