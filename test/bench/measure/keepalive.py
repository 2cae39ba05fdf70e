"""The NAT keep-alive of very many contacts: what it costs, and how evenly it is spread."""

import ipaddress
import os
import subprocess
import time

from processes import Process, cores
from servers import Tandem
from tools import finish

PORT = 25090
FROM = "127.0.10.1:25066"
FIRST = ipaddress.IPv4Address("127.16.0.0")
ADDRESSES_OF_A_GATEWAY = 64


def contacts_of(count):
    """Gateways that do not register, with so many addresses in all."""
    gateways = []
    for begin in range(0, count, ADDRESSES_OF_A_GATEWAY):
        end = min(begin + ADDRESSES_OF_A_GATEWAY, count)
        gateways.append({"name": f"kept-{begin:06}", "keep_alive": True, "prefix": [],
                         "remote_ips": [f"{FIRST + i}:{PORT}" for i in range(begin, end)]})
    return gateways


def keepalive(tools, work, scale):
    """Processor time of one whole period in the steady state, and the slots of ten milliseconds in it."""
    contacts, period = scale.contacts, scale.keep_alive_period
    batch = -(-contacts // (period * 2))  # each half second: it fits exactly into the period
    server = Tandem(tools, work, 28498)
    server.apply({"egress_gateways": contacts_of(contacts),
                  "parameters": {"SS_SIP_NAT_KEEP_ALIVE_PERIOD": period,
                                 "SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME": batch}})
    sink = Process([os.path.join(tools.load_directory, "keep_alive_sink"), "receive", str(PORT),
                    str(contacts), str(period)], cores()[1], tools.log(), stdout=subprocess.PIPE)
    sink.wait_for_line("ready")
    sink.wait_for_line("first", period + 60)
    before, begun = server.process.cpu_us(), time.monotonic()
    counted = finish(sink)
    spent, took = server.process.cpu_us() - before, time.monotonic() - begun
    page = server.keepalive()
    server.stop()
    floor = finish(Process([os.path.join(tools.load_directory, "keep_alive_sink"), "send", FROM,
                            str(PORT), str(contacts)], cores()[0], tools.log(), stdout=subprocess.PIPE))
    return {"contacts": contacts, "period": period, "us": spent, "seconds": took, "counted": counted,
            "floor_us": floor["us"], "page": page}
