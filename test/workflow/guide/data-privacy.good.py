privacy_config = {
    "data_classification": {
        "pii_fields": ["email", "phone", "ssn", "address"],
        "sensitive_fields": ["salary", "medical_info"],
        "public_fields": ["name", "job_title"]
    },
    "processing_rules": {
        "pii_fields": {
            "encrypt_at_rest": True,
            "mask_in_logs": True,
            "retention_days": 90
        },
        "sensitive_fields": {
            "access_logging": True,
            "require_justification": True
        }
    },
    "compliance": {
        "gdpr": {
            "right_to_delete": True,
            "consent_tracking": True
        },
        "hipaa": {
            "audit_logging": True,
            "encryption_required": True
        }
    }
}
