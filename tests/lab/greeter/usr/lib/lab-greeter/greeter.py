#!/usr/bin/python3
"""A service whose executable is the interpreter: the package that matters is the script's."""
import http.server

http.server.HTTPServer(("0.0.0.0", 7005), http.server.SimpleHTTPRequestHandler).serve_forever()
