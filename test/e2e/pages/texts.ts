/** Three steps in a row; the second one fails unless its input says otherwise. */
export const THREE_STEPS = `apg: 1
id: three_steps
name: Three Steps
components:
  - id: first
    type: code
    name: First
    config:
      language: javascript
      source: "return { region: 'US', amount: 3 };"
  - id: second
    type: code
    name: Second
    config:
      language: javascript
      source: |
        if (input.region !== 'EU') throw new Error('only the EU is served, not ' + input.region);
        return { region: input.region, doubled: input.amount * 2 };
  - id: third
    type: log
    name: Third
    config: { message: "{{ second.output.doubled }} in {{ second.output.region }}" }
connections:
  - { source: first, target: second }
  - { source: second, target: third }
outputs: { doubled: "{{ second.output.doubled }}" }
`;

/** Gives a list of 25,000 records, then counts it. */
export const LARGE = `apg: 1
id: large_list
name: Large List
components:
  - id: many
    type: code
    name: Many
    config:
      language: javascript
      source: "return Array.from({ length: 25000 }, (_, n) => ({ n, name: 'record ' + n }));"
  - id: counted
    type: code
    name: Counted
    config:
      language: javascript
      source: "return input.length;"
connections: [{ source: many, target: counted }]
`;

/** Runs for ever. */
export const ENDLESS = `apg: 1
id: endless
name: Endless
components:
  - id: spin
    type: code
    name: Spin
    config:
      language: javascript
      timeout: 600
      source: "for (;;) {}"
  - id: after
    type: log
    name: After
    config: { message: never }
connections: [{ source: spin, target: after }]
`;

/** Four rounds; the item is echoed. */
export const ROUNDS = `apg: 1
id: rounds
name: Rounds
components:
  - id: each
    type: loop
    name: Each
    config:
      items: [1, 2, 3, 4]
      components:
        - id: square
          type: code
          name: Square
          config:
            language: javascript
            source: "return input * input;"
`;
