import { catalogue, commonKeys } from "@shared/components/catalogue";
import { describe, expect, test } from "vitest";
import { groupsOf } from "../../src-renderer/inspector/component-tabs";
import { choiceTitle, fieldKind, isRelevant } from "../../src-renderer/inspector/field-kind";

const http = catalogue.get("http_request")!.config_schema.properties;

describe("a form's fields", () => {
  test("follow the schema", () => {
    expect(fieldKind(http.method!, undefined)).toBe("choice");
    expect(fieldKind(http.url!, undefined)).toBe("text");
    expect(fieldKind(http.query!, { a: 1 })).toBe("pairs");
    expect(fieldKind(http.auth!, undefined)).toBe("group");
    expect(fieldKind(http.timeout!, 30)).toBe("number");
    expect(fieldKind(catalogue.get("code")!.config_schema.properties.source!, "return 1")).toBe("code");
    expect(fieldKind(catalogue.get("decision")!.config_schema.properties.cases!, [])).toBe("rows");
    expect(fieldKind(commonKeys.condition!, undefined)).toBe("condition");
  });

  test("become an expression where the text has one, and YAML where the value does not fit", () => {
    expect(fieldKind(http.timeout!, "{{ parameters.wait }}")).toBe("expression");
    expect(fieldKind(http.query!, { a: { b: 1 } })).toBe("yaml");
  });

  test("belong to the choice their help names", () => {
    const auth = (http.auth as { properties: { [key: string]: { [key: string]: never } } }).properties;
    expect(isRelevant(auth.token!, { type: "bearer" }, auth)).toBe(true);
    expect(isRelevant(auth.token!, { type: "basic" }, auth)).toBe(false);
  });

  test("are offered where they stand canonically, and where a strategy needs them", () => {
    const { properties } = commonKeys.error_handling as { properties: { [key: string]: { [key: string]: never } } };
    expect(isRelevant(properties.max_retries!, {}, properties)).toBe(false);
    expect(isRelevant(properties.timeout!, {}, properties)).toBe(false);
    expect(isRelevant(properties.cache_key!, {}, properties)).toBe(false);
    expect(isRelevant(properties.cache_key!, { on_failure: "use_cached_data" }, properties)).toBe(true);
    expect(isRelevant(properties.cache_key!, { fallback_action: "use_cached_data" }, properties)).toBe(true);
  });

  test("exist for every key of every type the palette offers", () => {
    for (const descriptor of catalogue.values()) {
      const groups = groupsOf(descriptor, {});
      const shown = [...groups.own.flat(), ...groups.limits].map((field) => field.key).sort();
      const wanted = Object.entries(descriptor.config_schema.properties)
        .filter(([, schema]) => schema["x-tab"] !== "hidden")
        .map(([key]) => key)
        .sort();
      expect(shown, descriptor.type).toEqual(wanted);
    }
  });

  test("show words for snake_case", () => {
    expect(choiceTitle("reject_and_log")).toBe("Reject and log");
    expect(choiceTitle("GET")).toBe("GET");
    expect(choiceTitle("json")).toBe("JSON");
  });
});
