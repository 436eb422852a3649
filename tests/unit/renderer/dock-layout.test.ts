import { describe, expect, test } from 'vitest';
import { layouts } from '../../../renderer/panels/layouts.ts';
import { panelNames } from '../../../renderer/panels/registry.tsx';
import { arrange, divide, readDock } from '../../../renderer/state/dock-layout.ts';

const names = new Map([
  ['queues', 'Queues'],
  ['log', 'Kernel log'],
  ['traffic', 'Traffic'],
]);
const sizesOf = (node: unknown): unknown => {
  const { size, data } = node as { size: number; data: unknown };
  return Array.isArray(data) ? [size, data.map(sizesOf)] : size;
};

describe('dividing a row', () => {
  test('goes by weight', () => expect(divide(600, [{ weight: 1 }, { weight: 2 }])).toEqual([200, 400]));
  test('keeps the least, and takes it from the others', () =>
    expect(divide(600, [{ weight: 1, least: 300 }, { weight: 2 }, { weight: 1 }])).toEqual([300, 200, 100]));
  test('gives what one may not have to the others', () =>
    expect(divide(1000, [{ weight: 1, most: 200 }, { weight: 1 }])).toEqual([200, 800]));
  test('always adds up, and leaves nothing without a size', () => {
    for (const total of [1, 99, 333, 2160]) {
      const sizes = divide(total, [{ weight: 24, least: 20 }, { weight: 33 }, { weight: 43, most: 500 }]);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(total);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0);
    }
  });
});

test('an arrangement becomes dockview’s words, sizes running along each split', () => {
  const dock = arrange(
    {
      weight: 1,
      split: 'rows',
      parts: [
        { weight: 1, most: 180, tabs: ['queues'] },
        {
          weight: 1,
          split: 'columns',
          parts: [
            { weight: 1, tabs: ['log'] },
            { weight: 1, tabs: ['traffic'] },
          ],
        },
      ],
    },
    1000,
    600,
    names,
  );
  expect(dock.grid.orientation).toBe('VERTICAL');
  expect(sizesOf(dock.grid.root)).toEqual([1000, [180, [420, [500, 500]]]]);
  expect(Object.keys(dock.panels)).toEqual(['queues', 'log', 'traffic']);
  expect(dock.panels.log?.title).toBe('Kernel log');
});

test('a panel that this version does not have is left out, with the place it would have had', () => {
  const dock = arrange(
    {
      weight: 1,
      split: 'rows',
      parts: [
        { weight: 1, tabs: ['gone'] },
        { weight: 1, tabs: ['log', 'gone'] },
      ],
    },
    1000,
    600,
    names,
  );
  expect(Object.keys(dock.panels)).toEqual(['log']);
  expect(sizesOf(dock.grid.root)).toEqual([1000, [600]]);
});

test.each(layouts)('the first-run layout $name holds panels that there are, and reads as a kept one', ({ firstRun }) => {
  const dock = arrange(firstRun, 1196, 620, panelNames);
  expect(Object.keys(dock.panels).length).toBeGreaterThan(0);
  expect(readDock(JSON.parse(JSON.stringify(dock)), panelNames)).toEqual(dock);
});

describe('a kept layout', () => {
  const kept = () =>
    JSON.parse(JSON.stringify(arrange({ weight: 1, split: 'columns', parts: [{ weight: 1, tabs: ['log', 'traffic'] }] }, 900, 500, names)));
  const leaf = (dock: ReturnType<typeof kept>) => dock.grid.root.data[0].data;

  test('is read with the tab that was in front', () => {
    const dock = kept();
    leaf(dock).activeView = 'traffic';
    expect(readDock(dock, names)).toEqual(dock);
  });

  test('has the names of today', () => {
    const dock = kept();
    dock.panels.log.title = '<b>yesterday</b>';
    expect(readDock(dock, names)?.panels.log?.title).toBe('Kernel log');
  });

  test('may be empty: the person closed everything', () => {
    const dock = kept();
    dock.grid.root.data = [];
    expect(readDock(dock, names)).not.toBeNull();
  });

  const odd: [string, (dock: ReturnType<typeof kept>) => unknown][] = [
    ['no object', () => 'text'],
    ['nothing', () => null],
    ['a panel that there is not', (dock) => void Object.assign(leaf(dock), { views: ['gone'] })],
    ['a panel twice', (dock) => void Object.assign(leaf(dock), { views: ['log', 'log'] })],
    ['a group without panels', (dock) => void Object.assign(leaf(dock), { views: [] })],
    ['a group without a name', (dock) => void Object.assign(leaf(dock), { id: 7 })],
    ['a size that is none', (dock) => void Object.assign(dock.grid.root.data[0], { size: 'wide' })],
    ['a size without end', (dock) => void Object.assign(dock.grid, { width: 1e9 })],
    ['a direction that there is not', (dock) => void Object.assign(dock.grid, { orientation: 'DIAGONAL' })],
    ['a root that is a group', (dock) => void Object.assign(dock.grid, { root: dock.grid.root.data[0] })],
  ];
  test.each(odd)('with %s is not believed', (_, change) => {
    const dock = kept();
    const changed = change(dock);
    expect(readDock(changed === undefined ? dock : changed, names)).toBeNull();
  });

  test('that nests without end is not believed', () => {
    const dock = kept();
    let node = dock.grid.root;
    for (let depth = 0; depth < 20; depth += 1) node = { type: 'branch', size: 1, data: [node] };
    dock.grid.root = node;
    expect(readDock(dock, names)).toBeNull();
  });
});
