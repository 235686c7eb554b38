// Steps through recorded attacks; the data are described in explorer_embedding.py.
(function () {
  'use strict';
  var source = document.getElementById('explorer-data');
  if (!source) { return; }
  var data = JSON.parse(source.textContent), SIDE = 28, CELL = 11;
  var state = {sample: 0, model: 0, algorithm: 0, arithmetic: 0, step: 0};
  var run = null, timer = null;
  var palettes = {signed: bytes(data.palettes.signed),
                  logarithmic: bytes(data.palettes.logarithmic)};

  function get(id) { return document.getElementById(id); }

  function bytes(text) {
    return Uint8Array.from(atob(text), function (letter) { return letter.charCodeAt(0); });
  }

  function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  // ---- the chosen attack

  function load() {
    var sample = data.samples[state.sample];
    var arithmetic = data.arithmetics[state.arithmetic][0];
    var algorithm = data.algorithms[state.algorithm];
    var found = sample.runs[[data.models[state.model][0], arithmetic, algorithm].join('/')];
    var kind = data.kinds[arithmetic + '/' + algorithm];
    run = Object.assign({}, found, {
      label: sample.label, index: sample.index, image: bytes(sample.image),
      order: new Uint16Array(bytes(found.order).buffer), written: bytes(found.written),
      logits: new Float32Array(bytes(found.logits).buffer), quantity: kind[0], logarithmic: kind[1]
    });
    run.odds = run.answers.map(function (answer, step) { return logOdds(step); });
    state.step = Math.min(state.step, run.steps);
    get('step').max = run.steps;
  }

  function logits(step) {
    return Array.from(run.logits.subarray(10 * step, 10 * step + 10));
  }

  // log of the sum of exponentials, of which the largest is taken out
  function logSum(values) {
    var most = Math.max.apply(null, values);
    return most + Math.log(values.reduce(function (sum, value) {
      return sum + Math.exp(value - most);
    }, 0));
  }

  function logOdds(step) {
    var z = logits(step), others = z.filter(function (value, k) { return k !== run.label; });
    return logSum(others) - z[run.label];
  }

  function logProbabilities(step) {
    var z = logits(step), all = logSum(z);
    return z.map(function (value) { return value - all; });
  }

  // ---- drawing

  function frame(step) {
    var pixels = Float32Array.from(run.image, function (value) { return value / 256; });
    for (var k = 0; k < step; k += 1) { pixels[run.order[k]] = run.written[k]; }
    return pixels;
  }

  function outline(context, pixel, colour, width) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(CELL * (pixel % SIDE) + width / 2, CELL * Math.floor(pixel / SIDE) + width / 2,
                       CELL - width, CELL - width);
  }

  function fill(context, pixel, rgb) {
    context.fillStyle = 'rgb(' + rgb.join(',') + ')';
    context.fillRect(CELL * (pixel % SIDE), CELL * Math.floor(pixel / SIDE), CELL, CELL);
  }

  function colourOf(k) { return css(run.written[k] ? '--to-one' : '--to-zero'); }

  function drawImage() {
    var context = get('image').getContext('2d'), pixels = frame(state.step);
    pixels.forEach(function (value, pixel) {
      var grey = Math.round(255 * value);
      fill(context, pixel, [grey, grey, grey]);
    });
    for (var k = 0; k < state.step; k += 1) {
      outline(context, run.order[k], colourOf(k), k === state.step - 1 ? 4 : 2);
    }
    get('image').setAttribute('aria-label', 'A ' + run.label + ' after '
      + plural(state.step) + ', ' + changed(pixels) + ' changed');
  }

  function changed(pixels) {
    return pixels.filter(function (value, k) { return value !== run.image[k] / 256; }).length;
  }

  // The map that chose the pixel of this step: the last one made before it.
  function currentMap() {
    var before = Math.max(state.step - 1, 0);
    return run.maps.filter(function (map) { return map.step <= before; }).pop() || run.maps[0];
  }

  function drawMap() {
    var map = currentMap(), context = get('map').getContext('2d');
    var colours = palettes[run.logarithmic ? 'logarithmic' : 'signed'];
    var places = map.empty ? null : bytes(map.places);
    for (var pixel = 0; pixel < SIDE * SIDE; pixel += 1) {
      var place = places ? places[pixel] : 255;
      fill(context, pixel, place === 255 ? [191, 191, 191] : colours.subarray(3 * place, 3 * place + 3));
    }
    if (map.empty) {
      context.fillStyle = '#1c2024';
      context.font = '600 22px sans-serif';
      context.textAlign = 'center';
      context.fillText(run.logarithmic ? 'no effect anywhere' : 'all zero', 154, 160);
    }
    if (state.step) {
      var pixel0 = run.order[state.step - 1];
      outline(context, pixel0, '#000000', 4);
      outline(context, pixel0, colourOf(state.step - 1), 2);
    }
    drawScale(map, colours);
  }

  function drawScale(map, colours) {
    var context = get('scale').getContext('2d'), ends = map.ends || ['', '', ''];
    context.clearRect(0, 0, 255, 1);
    for (var k = 0; !map.empty && k < 255; k += 1) {
      context.fillStyle = 'rgb(' + colours.subarray(3 * k, 3 * k + 3).join(',') + ')';
      context.fillRect(k, 0, 1, 1);
    }
    ['low', 'middle', 'high'].forEach(function (id, k) { get(id).textContent = ends[k]; });
    var late = Math.max(state.step - 1, 0) - map.step;
    get('map-note').textContent = run.quantity + (map.empty ? ': nothing to rank pixels by, so they go by number'
      : run.logarithmic ? '; grey: no effect' : ', on a symmetric logarithmic scale')
      + (data.algorithms[state.algorithm] === 4 ? '. Made after ' + plural(map.step)
        + (late ? '; the ' + late + ' made since are not kept' : '') : '');
    get('map').setAttribute('aria-label', 'Saliency map: ' + (map.empty ? 'all zero'
      : run.quantity + ' from ' + ends[0] + ' to ' + ends[2]));
  }

  function drawBars() {
    var body = get('bars').tBodies[0], answer = run.answers[state.step];
    logProbabilities(state.step).forEach(function (value, digit) {
      var row = body.rows[digit];
      row.className = (digit === run.label ? 'label ' : '') + (digit === answer ? 'answer-row' : '');
      var p = Math.exp(value), small = p < 0.0005;
      row.cells[1].firstChild.style.width = 100 * p + '%';
      row.cells[2].textContent = small ? '10' : (100 * p).toFixed(1) + ' %';
      if (small) {
        row.cells[2].appendChild(document.createElement('sup')).textContent =
          (value / Math.LN10).toFixed(1).replace('-', '−');
      }
    });
  }

  function element(name, attributes, text) {
    var made = document.createElementNS('http://www.w3.org/2000/svg', name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text) { made.textContent = text; }
    return made;
  }

  function drawOdds() {
    var svg = get('odds'), low = Math.min(0, Math.min.apply(null, run.odds));
    var high = Math.max(0, Math.max.apply(null, run.odds)), span = (high - low) || 1;
    var width = svg.clientWidth || 640, end = width - 10;
    function x(step) { return 60 + (end - 60) * step / Math.max(run.steps, 1); }
    function y(value) { return 12 + 120 * (high - value) / span; }
    svg.textContent = '';
    [[0, 'even odds']].concat(data.limits).forEach(function (limit) {
      if (limit[0] < low || limit[0] > high) { return; }
      svg.appendChild(element('line', {x1: 60, x2: end, y1: y(limit[0]), y2: y(limit[0]),
        stroke: 'var(--faint)', 'stroke-dasharray': '2 3'}));
      svg.appendChild(element('text', {x: end, y: y(limit[0]) - 3, 'text-anchor': 'end'}, limit[1]));
    });
    svg.appendChild(element('polyline', {fill: 'none', stroke: 'var(--logodds)', 'stroke-width': 2,
      points: run.odds.map(function (value, step) { return x(step) + ',' + y(value); }).join(' ')}));
    svg.appendChild(element('circle', {cx: x(state.step), cy: y(run.odds[state.step]), r: 5, fill: 'var(--float32)'}));
    [low, high].forEach(function (value) {
      svg.appendChild(element('text', {x: 54, y: y(value) + 4, 'text-anchor': 'end'}, value.toFixed(1)));
    });
    svg.appendChild(element('text', {x: 60, y: 148}, '0'));
    svg.appendChild(element('text', {x: end, y: 148, 'text-anchor': 'end'}, plural(run.steps)));
    var now = run.odds[state.step];
    get('odds-note').textContent = 'u = ' + now.toFixed(2) + ' nats, the logarithm of the odds against '
      + run.label + '. Above 0 the other digits together are likelier.';
    svg.setAttribute('aria-label', 'Log-odds against the label: ' + run.odds[0].toFixed(1) + ' at first, '
      + now.toFixed(1) + ' now, ' + run.odds[run.steps].toFixed(1) + ' in the end');
  }

  // ---- words

  function plural(count) { return count + (count === 1 ? ' pixel' : ' pixels'); }

  function told() {
    var answer = run.answers[state.step], text;
    if (!run.attacked) {
      return 'Test image ' + run.index + ', a ' + run.label + ', is taken for a ' + answer
        + ' to begin with, and so is not attacked.';
    }
    text = state.step === 0 ? 'Test image ' + run.index + ', a ' + run.label + ', unchanged'
      : 'Pixel in row ' + Math.floor(run.order[state.step - 1] / SIDE) + ', column '
        + run.order[state.step - 1] % SIDE + ' becomes ' + run.written[state.step - 1];
    text += answer === run.label ? ': still a ' + answer : ': taken for a ' + answer;
    if (state.step === run.steps) {
      text += run.success ? '. Fooled after ' + plural(run.steps)
        : '. Not fooled within ' + plural(run.steps);
    }
    return text + '.';
  }

  function show() {
    drawImage();
    drawMap();
    drawBars();
    drawOdds();
    get('step').value = state.step;
    get('step').setAttribute('aria-valuetext', state.step + ' of ' + run.steps);
    get('count').textContent = state.step + ' of ' + plural(run.steps);
    get('told').textContent = told();
    get('first').disabled = get('previous').disabled = state.step === 0;
    get('next').disabled = get('last').disabled = state.step === run.steps;
  }

  // ---- state

  var CHOICES = [
    ['sample', 'sample', data.samples.map(function (sample) {
      return [sample.index, sample.label + ' (test image ' + sample.index + ')'];
    })],
    ['model', 'model', data.models],
    ['algorithm', 'algorithm', data.algorithms.map(function (number) { return [number, number]; })],
    ['arithmetic-choice', 'arithmetic', data.arithmetics]
  ];

  function remember() {
    var parts = CHOICES.map(function (choice) {
      return choice[1] + '=' + encodeURIComponent(choice[2][state[choice[1]]][0]);
    });
    history.replaceState(null, '', '#explorer?' + parts.join('&') + '&step=' + state.step);
  }

  function recall() {
    if (location.hash.indexOf('#explorer?') !== 0) { return false; }
    var given = new URLSearchParams(location.hash.slice('#explorer?'.length));
    CHOICES.forEach(function (choice) {
      var place = choice[2].findIndex(function (entry) { return String(entry[0]) === given.get(choice[1]); });
      state[choice[1]] = Math.max(place, 0);
      get(choice[0]).selectedIndex = state[choice[1]];
    });
    state.step = Math.max(parseInt(given.get('step'), 10) || 0, 0);
    return true;
  }

  function go(step) {
    state.step = Math.max(0, Math.min(step, run.steps));
    show();
    remember();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    get('play').textContent = 'Play';
    get('play').setAttribute('aria-pressed', 'false');
    get('told').setAttribute('aria-live', 'polite');
  }

  function play() {
    if (timer) { stop(); return; }
    if (state.step === run.steps) { go(0); }
    get('play').textContent = 'Pause';
    get('play').setAttribute('aria-pressed', 'true');
    get('told').setAttribute('aria-live', 'off');    // too fast to be read out
    timer = setInterval(function () {
      go(state.step + 1);
      if (state.step === run.steps) { stop(); }
    }, 350);
  }

  var KEYS = {ArrowLeft: 'previous', ArrowRight: 'next', Home: 'first', End: 'last'};

  function move(id) {
    stop();
    go({first: 0, previous: state.step - 1, next: state.step + 1, last: run.steps}[id]);
  }

  CHOICES.forEach(function (choice) {
    var select = get(choice[0]);
    choice[2].forEach(function (entry) { select.add(new Option(entry[1], entry[0])); });
    select.addEventListener('change', function () {
      stop();
      state[choice[1]] = select.selectedIndex;
      load();
      go(state.step);
    });
  });
  Object.values(KEYS).forEach(function (id) {
    get(id).addEventListener('click', function () {
      move(id);
      if (get(id).disabled) { get('step').focus(); }   // a disabled button loses the focus
    });
  });
  get('play').addEventListener('click', play);
  get('step').addEventListener('input', function () { stop(); go(Number(get('step').value)); });
  get('stage').addEventListener('keydown', function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === 'SELECT') { return; }
    if (KEYS[event.key]) {
      event.preventDefault();
      move(KEYS[event.key]);
    } else if (event.key === ' ' && event.target.tagName !== 'BUTTON') {
      event.preventDefault();
      play();
    }
  });
  document.addEventListener('theme', show);
  window.addEventListener('resize', drawOdds);
  window.addEventListener('hashchange', function () {
    if (recall()) { stop(); load(); show(); }
  });
  var recalled = recall();
  load();
  show();
  if (recalled) { get('explorer').scrollIntoView(); }
}());
