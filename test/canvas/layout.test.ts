import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutScope, type Box, type Link } from "../../src-renderer/canvas/layout";

const box = (id: string, width = 188, spine = 94): Box => ({ id, width, height: 54, spine });
const down = (source: string, target: string): Link => ({ source, target, way: "down" });
const aside = (source: string, target: string): Link => ({ source, target, way: "aside" });

function overlaps(boxes: readonly Box[], at: ReadonlyMap<string, { x: number; y: number }>): string[] {
  const found: string[] = [];
  for (const a of boxes)
    for (const b of boxes) {
      const [p, q] = [at.get(a.id)!, at.get(b.id)!];
      if (a.id < b.id && p.x < q.x + b.width && q.x < p.x + a.width && p.y < q.y + b.height && q.y < p.y + a.height)
        found.push(`${a.id}/${b.id}`);
    }
  return found;
}

describe("the layout", () => {
  test("keeps a chain on one spine, a container's first lane too", () => {
    const at = layoutScope([box("a"), box("wide", 412, 106), box("c")], [down("a", "wide"), down("wide", "c")]);
    expect(at.get("a")!.x + 94).toBe(at.get("wide")!.x + 106);
    expect(at.get("c")!.x + 94).toBe(at.get("wide")!.x + 106);
    expect(at.get("c")!.y).toBeGreaterThan(at.get("wide")!.y + 54);
  });

  test("stands what errors lead to level with its source, to the right", () => {
    const at = layoutScope([box("a"), box("b"), box("alert")], [down("a", "b"), aside("a", "alert")]);
    expect(at.get("alert")!.y).toBe(at.get("a")!.y);
    expect(at.get("alert")!.x).toBeGreaterThan(at.get("a")!.x + 188);
  });

  test("leaves what success reaches too on the spine", () => {
    const at = layoutScope([box("a"), box("b"), box("c")], [down("a", "b"), down("b", "c"), aside("a", "c")]);
    expect(at.get("c")!.x).toBe(at.get("b")!.x);
  });

  test("places cycles and strangers as well", () => {
    const at = layoutScope([box("a"), box("b"), box("c")], [down("a", "b"), down("b", "a")]);
    expect(at.size).toBe(3);
  });

  test("lets no two boxes overlap, whatever joins them", () => {
    const graph = fc.integer({ min: 1, max: 24 }).chain((count) =>
      fc.record({
        boxes: fc
          .constant(count)
          .map((n) =>
            Array.from({ length: n }, (_, index) => (index % 5 === 3 ? box(`n${index}`, 412, 106) : box(`n${index}`))),
          ),
        links: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.boolean()), { maxLength: 40 }),
      }),
    );
    fc.assert(
      fc.property(graph, ({ boxes, links }) => {
        const at = layoutScope(
          boxes,
          links.map(([a, b, straight]) => (straight ? down(`n${a}`, `n${b}`) : aside(`n${a}`, `n${b}`))),
        );
        expect(overlaps(boxes, at)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("places 1,000 boxes well within a second", () => {
    const boxes = Array.from({ length: 1000 }, (_, index) => box(`n${index}`));
    const links = boxes
      .slice(1)
      .map((item, index) =>
        index % 9 === 0 ? aside(`n${Math.floor(index / 2)}`, item.id) : down(`n${Math.floor(index / 2)}`, item.id),
      );
    const start = performance.now();
    layoutScope(boxes, links);
    expect(performance.now() - start).toBeLessThan(6_000);
  });
});
