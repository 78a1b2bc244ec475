using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Protocol.CoreDns;
using TrafficDispatch.Service.Serve;

namespace TrafficDispatch.Service.Connectors;

/// <summary><c>coredns.dns.DnsService</c>. One instance serves all calls.</summary>
internal sealed class CoreDnsService(DnsDesk desk) : DnsService.DnsServiceBase
{
    private readonly DnsDesk _desk = desk;

    // Field 1, length-delimited: all that a packet has.
    private const byte MessageTag = (DnsPacket.MsgFieldNumber << 3) | (int)WireFormat.WireType.LengthDelimited;

    [ThreadStatic]
    private static byte[]? _room;

    private static byte[] Room => _room ??= GC.AllocateUninitializedArray<byte>(DnsMessage.MaxBytes);

    /// <inheritdoc/>
    public override Task<DnsPacket> Query(DnsPacket request, ServerCallContext context)
    {
        string held = Refusal.Number(request.Msg.Length);
        if (request.Msg.Length > DnsMessage.MaxBytes) throw Refusal.Invalid("msg", $"holds {held} bytes: must be at most {Refusal.Number(DnsMessage.MaxBytes)}");
        if (!_desk.TryRespond(request.Msg.Span, Room, out int length)) throw Refusal.NoTable();
        if (length == 0) throw Refusal.Invalid("msg", $"holds {held} bytes: a DNS message has at least {Refusal.Number(DnsHeader.Bytes)}");
        return Task.FromResult(new DnsPacket { Msg = ByteString.CopyFrom(Room, 0, length) });
    }

    /// <summary>The same from bytes to bytes, for packets in the one form that encoders give them; everything else is the generated method's.</summary>
    public static bool QueryRaw(CoreDnsService service, in ReadOnlySequence<byte> request, IBufferWriter<byte> response)
    {
        if (!request.IsSingleSegment || !TryUnwrap(request.FirstSpan, out ReadOnlySpan<byte> message)) return false;
        byte[] room = Room;
        if (!service._desk.TryRespond(message, room, out int length) || length == 0) return false;
        Span<byte> packet = response.GetSpan(length + 4);
        packet[0] = MessageTag;
        int at = 1;
        for (int left = length; ; left >>= 7)
        {
            packet[at++] = (byte)(left > 127 ? left & 127 | 128 : left);
            if (left <= 127) break;
        }
        room.AsSpan(0, length).CopyTo(packet[at..]);
        response.Advance(at + length);
        return true;
    }

    /// <summary>The message of a packet; false where there is anything before or behind it.</summary>
    private static bool TryUnwrap(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (packet.Length < 2 || packet[0] != MessageTag) return false;
        int length = 0, at = 1;
        for (int shift = 0; shift <= 14 && at < packet.Length; shift += 7)
        {
            byte part = packet[at++];
            length |= (part & 127) << shift;
            if (part > 127) continue;
            message = packet[at..];
            return message.Length == length && length <= DnsMessage.MaxBytes;
        }
        return false;
    }
}
