"""Says back what it hears, and over what: TCP and UDP on 7000, TLS on 7443."""

import asyncio
import ssl


async def tcp(reader, writer, what):
    while line := await reader.readline():
        writer.write(what + b" " + line)
        await writer.drain()
    writer.close()


class Udp(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.transport.sendto(b"udp " + data, address)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("/tls/tls.crt", "/tls/tls.key")
    servers = [
        await asyncio.start_server(lambda r, w: tcp(r, w, b"tcp"), port=7000),
        await asyncio.start_server(lambda r, w: tcp(r, w, b"tls"), port=7443, ssl=context),
    ]
    await asyncio.get_running_loop().create_datagram_endpoint(Udp, ("0.0.0.0", 7000))
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main())
