"""Signing in, in Debian's Chromium; what is looked at stands in sign_in.mjs."""
import json
import os
import pathlib
import shutil
import subprocess
import unittest

from desk import DeskTest
import harness

HERE = pathlib.Path(__file__).resolve().parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")


@unittest.skipUnless(shutil.which("node") and CHROMIUM, "node or chromium is not installed")
class InABrowser(DeskTest):
    def test_every_page_of_signing_in(self):
        daemon = self.desk("sign_in: {openid: {issuer: \"https://id.example\", client_id: x, "
                           "title: {nb: Entra ID, nn: Entra ID}}}")
        done = subprocess.run(
            [shutil.which("node"), str(HERE / "sign_in.mjs"),
             json.dumps({"base": f"http://127.0.0.1:{daemon.pages}",
                         "link": self.link("adm@sf-innlandet.example", daemon)})],
            env={**os.environ, "CHROMIUM": CHROMIUM}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=harness.PATIENCE * 3, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
