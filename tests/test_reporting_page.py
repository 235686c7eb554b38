"""The page in a real Chromium: without errors, by mouse and by keyboard."""

import os
import shutil
import time

import pytest
from script_runner import ROOT
from toy_explorer import CLASSES, write_toy_explorer

from papers.bang import chapter as bang
from papers.song.chapter import CHAPTER, Beside
from papers.song.explorer_store import read_explorer
from papers.song.figures import curves, maps
from papers.song.paper import PAPER
from reporting.chapters import Sources, gather
from reporting.pages import render, write_files
from study.ledger import read_ledger

webdriver = pytest.importorskip(
    'selenium.webdriver', reason='drives a browser with selenium')
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

CHROMIUM = shutil.which('chromium') or shutil.which('google-chrome')
DRIVER = shutil.which('chromedriver')
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason='needs Chromium: apt install chromium chromium-driver')


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    """A report on its own, and what was recorded for it."""
    folder = str(tmp_path_factory.mktemp('page'))
    write_toy_explorer(os.path.join(folder, 'explorer'))
    explorer = read_explorer(os.path.join(folder, 'explorer'))
    ledger = read_ledger(PAPER, os.path.join(
        ROOT, 'tests', 'ledger_digits.json'))
    ledger['arithmetic'] = ledger['arithmetic'][:6]
    chapter = CHAPTER._replace(figures=lambda sources: [
        curves.budget(sources), maps.drawings(sources)[3]])  # quick
    other = bang.CHAPTER._replace(figures=lambda sources: [])
    files = render([(chapter, Sources(ledger, [], Beside(explorer))),
                    (other, gather(other, os.path.join(
                        ROOT, other.paper.options.ledger)))])
    return 'file://' + write_files(os.path.join(folder, 'report'),
                                   files), explorer


def browser(scripts=True):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for word in ('--headless=new', '--no-sandbox', '--disable-gpu',
                 '--disable-dev-shm-usage', '--window-size=1200,900'):
        options.add_argument(word)
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
    if not scripts:
        options.add_experimental_option('prefs', {
            'profile.managed_default_content_settings.javascript': 2})
    return webdriver.Chrome(
        options=options,
        service=webdriver.ChromeService(executable_path=DRIVER))


@pytest.fixture(scope='module')
def driver():
    found = browser()
    yield found
    found.quit()


@pytest.fixture
def page(driver, place):
    """The page, freshly opened; no message on its console in the end."""
    driver.get('about:blank')
    driver.get(place[0])
    yield driver
    assert driver.get_log('browser') == []


def find(page, selector):
    return page.find_element(By.CSS_SELECTOR, selector)


def text(page, selector):
    return find(page, selector).text


def choose(page, identifier, value):
    find(page, '#%s option[value="%s"]' % (identifier, value)).click()


def shown(page):
    """Step, its words, and the class in bold."""
    return (int(find(page, '#step').get_attribute('value')),
            text(page, '#told'),
            int(text(page, '#bars .answer-row th')))


@pytest.mark.parametrize('key', [
    ('std', 'float32', 1), ('std-T20', 'float32', 2),
    ('std-T20', 'logodds', 2), ('distill', 'float64', 4)])
def test_the_explorer_shows_what_was_recorded(page, place, key):
    explorer = place[1]
    run, outcome = explorer.run(*key), explorer.outcome(*key)
    for name, value in zip(('model', 'arithmetic-choice', 'algorithm'), key):
        choose(page, name, value)
    row = CLASSES - 1
    choose(page, 'sample', explorer.about['test_indices'][row])
    steps = int(outcome.steps[row])
    assert text(page, '#count').startswith('0 of %d pixel' % steps)
    for step in range(steps + 1):
        number, told, answer = shown(page)
        assert number == step and answer == run['answers'][row, step]
        if step:
            pixel = run['order'][row, step - 1]
            assert 'row %d, column %d becomes %d' % (
                pixel // 28, pixel % 28, run['written'][row, step - 1]
            ) in told
        if step < steps:
            find(page, '#next').click()
    assert ('Fooled after' in told) == outcome.success[row]
    label = find(page, '#image').get_attribute('aria-label')
    assert '%d changed' % outcome.changed[row] in label
    empty = not run['scale'][row, 0] and key[1] != 'logodds'
    assert ('all zero' in find(page, '#map').get_attribute('aria-label')
            ) == bool(empty)
    assert not find(page, '#next').is_enabled()


def test_the_explorer_obeys_the_keyboard(page):
    choose(page, 'model', 'std-T20')
    slider = find(page, '#step')
    last = int(slider.get_attribute('max'))
    assert last > 2
    for key, step in ((Keys.ARROW_RIGHT, 1), (Keys.ARROW_RIGHT, 2),
                      (Keys.ARROW_LEFT, 1), (Keys.END, last),
                      (Keys.HOME, 0)):
        slider.send_keys(key)
        assert shown(page)[0] == step
    slider.send_keys(' ')
    assert text(page, '#play') == 'Pause'
    deadline = time.monotonic() + 10
    while shown(page)[0] < 2 and time.monotonic() < deadline:
        time.sleep(.1)
    slider.send_keys(' ')
    assert text(page, '#play') == 'Play' and shown(page)[0] >= 2


def test_the_address_keeps_the_state(page, place):
    choose(page, 'model', 'distill')
    choose(page, 'arithmetic-choice', 'logodds')
    find(page, '#next').click()
    address, before = page.current_url, shown(page)
    assert 'model=distill' in address and address.endswith('step=1')
    page.get('about:blank')
    page.get(address)
    assert shown(page) == before
    assert find(page, '#model').get_attribute('value') == 'distill'


def test_everything_is_reached_by_tab(page):
    page.switch_to.active_element.send_keys(Keys.TAB)
    assert page.switch_to.active_element.text == 'Skip to the content'
    assert page.switch_to.active_element.is_displayed()
    seen = set()
    for _ in range(120):
        page.switch_to.active_element.send_keys(Keys.TAB)
        seen.add(page.switch_to.active_element.get_attribute('id'))
    assert {'theme', 'sample', 'model', 'algorithm', 'arithmetic-choice',
            'play', 'next', 'step'} <= seen


def column(page, number):
    return [cell.text.splitlines()[0] for cell in page.find_elements(
        By.CSS_SELECTOR, '#song-ledger tbody tr > :nth-child(%d)' % number)
        if cell.is_displayed()]


def test_the_ledger_sorts_and_filters(page):
    ledger = read_ledger(PAPER, os.path.join(
        ROOT, 'tests', 'ledger_digits.json'))
    before = column(page, 1)
    head = find(page, '#song-ledger th:nth-child(6)')
    button = head.find_element(By.TAG_NAME, 'button')
    for order in ('ascending', 'descending'):
        button.send_keys(Keys.ENTER)
        assert head.get_attribute('aria-sort') == order
        assert column(page, 6) == sorted(
            column(page, 6), reverse=order == 'descending')
    find(page, '#song-ledger th:nth-child(1) button').click()
    assert head.get_attribute('aria-sort') is None
    assert column(page, 1) == before
    wanted = [row['quantity'] for row in ledger['rows']
              if row['verdict'] == 'not reproduced']
    find(page, '.filter [data-verdict=failed]').click()
    assert column(page, 1) == wanted
    assert text(page, '.filtered') == '%d shown' % len(wanted)
    find(page, '.filter [data-verdict=""]').click()
    assert column(page, 1) == before


def test_a_chapter_filters_its_own_ledger_alone(page):
    before = column(page, 1)
    page.execute_script(
        "document.querySelector('#bang-numbers details').open = true")
    find(page, '[data-table=bang-ledger] [data-verdict=failed]').click()
    rows = page.find_elements(By.CSS_SELECTOR, '#bang-ledger tbody > tr')
    assert {row.get_attribute('data-verdict') for row in rows
            if row.is_displayed()} == {'failed'}
    assert column(page, 1) == before


def test_the_theme_toggles_and_is_kept(page):
    def ground():
        return page.execute_script(
            'return getComputedStyle(document.body).backgroundColor')

    before = ground()
    find(page, '#theme').click()
    assert ground() != before
    page.refresh()
    assert ground() != before
    find(page, '#theme').click()
    assert ground() == before
    page.execute_script('localStorage.clear()')


@pytest.mark.parametrize('width', [360, 800])
def test_the_body_never_scrolls_sideways(page, width):
    page.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
        'width': width, 'height': 740, 'deviceScaleFactor': 1,
        'mobile': False})
    try:
        for details in page.find_elements(By.CSS_SELECTOR, 'details'):
            page.execute_script('arguments[0].open = true', details)
        assert page.execute_script(
            'return document.documentElement.scrollWidth') <= width
    finally:
        page.execute_cdp_cmd('Emulation.clearDeviceMetricsOverride', {})


def test_without_javascript_all_content_is_there(place):
    driver = browser(scripts=False)
    try:
        driver.get(place[0])
        assert not find(driver, '#stage').is_displayed()
        assert 'needs JavaScript' in text(driver, '#explorer')
        for selector in ('#song-ledger', '#arithmetic', '#checklist',
                         '#figure-film-float32 svg', '#figure-budget svg'):
            assert find(driver, selector).is_displayed()
        assert len(column(driver, 1)) == 27
        assert not find(driver, '#theme').is_displayed()
    finally:
        driver.quit()
