"""Quiz rounds as people play them."""
