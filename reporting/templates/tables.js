// Tables that sort by a column, and ledgers' filters by verdict.
(function () {
  'use strict';

  function value(row, column) {
    var cell = row.cells[column];
    var text = cell.dataset.sort !== undefined ? cell.dataset.sort
      : cell.textContent.trim();
    var number = parseFloat(text.replace(/,/g, ''));
    return {text: text, number: isNaN(number) ? null : number,
            empty: text === '' || text === '–'};
  }

  function compare(a, b) {
    if (a.number !== null && b.number !== null) { return a.number - b.number; }
    return a.text.localeCompare(b.text);
  }

  function sort(table, column, descending) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row, place) {
      return {row: row, value: value(row, column), place: place};
    });
    rows.sort(function (a, b) {
      if (a.value.empty !== b.value.empty) { return a.value.empty ? 1 : -1; }
      var order = compare(a.value, b.value);
      return (descending ? -order : order) || a.place - b.place;
    });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
  }

  document.querySelectorAll('table.sortable').forEach(function (table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      head.textContent = '';
      head.appendChild(button);
      button.addEventListener('click', function () {
        var descending = head.getAttribute('aria-sort') === 'ascending';
        heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
        head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
        sort(table, column, descending);
      });
    });
  });

  document.querySelectorAll('.filter').forEach(function (filter) {
    var buttons = Array.from(filter.querySelectorAll('button'));
    var rows = '#' + filter.dataset.table + ' tbody tr';
    buttons.forEach(function (button) {
      button.addEventListener('click', function () {
        var wanted = button.dataset.verdict, shown = 0;
        buttons.forEach(function (other) {
          other.setAttribute('aria-pressed', String(other === button));
        });
        document.querySelectorAll(rows).forEach(function (row) {
          row.hidden = wanted !== '' && row.dataset.verdict !== wanted;
          shown += row.hidden ? 0 : 1;
        });
        filter.querySelector('.filtered').textContent = shown + ' shown';
      });
    });
  });
}());
