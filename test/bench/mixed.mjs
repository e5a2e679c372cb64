// The guide's mixed workflow of eight steps; the same for the load test and its workload.

/** `api` is where customers are asked for: `http://sample.apg.test` with that host mapped. */
export const mixed = {
  id: "mixed",
  name: "Mixed",
  version: "1.0.0",
  components: [
    {
      id: "fetch",
      type: "http_request",
      name: "Fetch the customer",
      config: { url: "http://sample.apg.test/customers/{{ input_data.id }}", timeout: 30 },
      retry_policy: { max_attempts: 3 },
      circuit_breaker: {
        failure_threshold: 5,
        recovery_timeout: 60,
        half_open_max_calls: 3,
        minimum_request_threshold: 10,
      },
    },
    {
      id: "check",
      type: "validate",
      name: "Check the record",
      config: {
        records: "{{ [fetch.output.body] }}",
        schema: { type: "object", required: ["id"], properties: { id: { type: "integer" } } },
        on_validation_error: "fail",
      },
    },
    {
      id: "shape",
      type: "transform",
      name: "Shape the record",
      config: {
        records: "{{ check.output.valid }}",
        transformation_rules: { computed_fields: { total: "record.id * 2 + 1" } },
      },
    },
    {
      id: "route",
      type: "decision",
      name: "Choose a way",
      config: {
        cases: [{ id: "large", condition: "{{ shape.output[0].total > 100 }}" }],
        default: "small",
      },
    },
    {
      id: "score",
      type: "code",
      name: "Score it",
      config: {
        language: "javascript",
        source: "let n = 0; for (let i = 0; i < 100; i++) n += i; return { score: n }",
      },
    },
    {
      id: "both",
      type: "parallel",
      name: "Two views",
      config: {
        branches: [
          {
            id: "left",
            components: [
              { id: "left_view", type: "map", config: { records: "{{ shape.output }}", fields: { id: "left_id" } } },
            ],
          },
          {
            id: "right",
            components: [
              {
                id: "right_view",
                type: "filter",
                config: { records: "{{ shape.output }}", conditions: { id: { gt: 0 } } },
              },
            ],
          },
        ],
      },
    },
    {
      id: "rates",
      type: "cache_lookup",
      name: "Today's rates",
      config: { cache_key: "rates_{{ input_data.id % 10 }}", ttl_seconds: 3600, fallback_component: "fetch_rates" },
    },
    { id: "fetch_rates", type: "http_request", config: { url: "http://sample.apg.test/slow/rates?ms=5" } },
    {
      id: "note",
      type: "log",
      name: "Note it",
      config: { message: "{{ score.output.score }} for {{ input_data.id }}" },
    },
  ],
  outputs: { score: "{{ score.output.score }}", id: "{{ shape.output[0].id }}", way: "{{ route.output.case }}" },
};
