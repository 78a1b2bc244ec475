using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Protocol.CoreDns;
using TrafficDispatch.Service.Serve;

namespace TrafficDispatch.Service.Connectors;

/// <summary><c>coredns.dns.DnsService</c>. One instance serves all calls.</summary>
internal sealed class CoreDnsService(DnsDesk desk) : DnsService.DnsServiceBase
{
    [ThreadStatic]
    private static byte[]? _room;

    /// <inheritdoc/>
    public override Task<DnsPacket> Query(DnsPacket request, ServerCallContext context)
    {
        byte[] room = _room ??= GC.AllocateUninitializedArray<byte>(DnsMessage.MaxBytes);
        if (request.Msg.Length > DnsMessage.MaxBytes) throw Refusal.Invalid("msg", $"holds {Refusal.Number(request.Msg.Length)} bytes: must be at most {Refusal.Number(DnsMessage.MaxBytes)}");
        if (!desk.TryRespond(request.Msg.Span, room, out int length)) throw Refusal.NoTable();
        if (length == 0) throw Refusal.Invalid("msg", $"holds {Refusal.Number(request.Msg.Length)} bytes: a DNS message has at least {Refusal.Number(DnsHeader.Bytes)}");
        return Task.FromResult(new DnsPacket { Msg = ByteString.CopyFrom(room, 0, length) });
    }
}
