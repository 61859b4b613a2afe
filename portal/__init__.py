"""Every way into Handrail: pages, admin, REST API and the commands of operation."""
