"""The fault tests: load, faults, and the bounds they must keep. Each takes a rig and a load and answers figures."""

from tests.chaos.scenarios import clocks, kills, mail, pace, restarts, storm, web

#: In the order in which the processes can live on from one to the next. Those with several seeds say so.
SCENARIOS = {
    "R1": kills.r1,
    "R3": storm.r3,
    "R2": kills.r2,
    "R5": mail.r5,
    "R9": restarts.r9,
    "R15": web.r15,
    "R13": pace.r13,
    "R6": mail.r6,
    "R4": restarts.r4,
    "R7": mail.r7,
    "R8": restarts.r8,
    "R10": clocks.r10,
    "R12": pace.r12,
}
SEEDS = {"R1": 3, "R3": 3}
