"""The whole course, walked through in a real page by a new trainee, and read back."""
from __future__ import annotations
import time
from walking import Trainee, pass_days
def test_walk(browser, tmp_path):
    t=time.time()
    lena = Trainee(browser, tmp_path, "lena")
    with lena.sitting():
        print("sat", time.time()-t)
        lena.begin()
        while True:
            a=time.time()
            lena.do_page()
            if lena.path.startswith("checks/"):
                lena.hand_in(lena.path.split("/")[1], tmp_path)
            b=time.time()
            m=lena.onward()
            print(f"   page {b-a:.1f} onward {time.time()-b:.1f}  {lena.wrong[-3:]}")
            if not m or lena.path.startswith("3-"): break
    print(lena.wrong)
    print(time.time()-t)
