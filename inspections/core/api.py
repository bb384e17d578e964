SCOPES = {"GET": "recommendations:read"}
