"""The smallest sufficient size: searched for, or read off a pool of studies."""
