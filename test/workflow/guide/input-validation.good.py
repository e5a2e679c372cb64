validation_component = {
    "id": "validate_input",
    "type": "validate",
    "config": {
        "schema": {
            "type": "object",
            "properties": {
                "email": {"type": "string", "format": "email"},
                "age": {"type": "integer", "minimum": 0, "maximum": 150},
                "phone": {"type": "string", "pattern": "^\\+?[1-9]\\d{1,14}$"}
            },
            "required": ["email"],
            "additionalProperties": False
        },
        "sanitization": {
            "trim_strings": True,
            "remove_html_tags": True,
            "normalize_unicode": True
        },
        "on_validation_error": "reject_and_log"
    }
}
