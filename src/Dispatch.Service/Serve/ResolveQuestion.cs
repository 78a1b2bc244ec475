using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Google.Protobuf;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serve;

/// <summary>
/// What a resolve request asks, read straight from its bytes. Only requests that are in order are read: each field at most once but
/// <c>exclude</c>, none unknown, every name known. The others need words, and the generated message finds them.
/// </summary>
internal ref struct ResolveQuestion
{
    /// <summary>Longest text or key that is read; longer ones are rare, and their length takes two bytes.</summary>
    private const int Longest = 127;

    private const int ClientFields = 1 << ResolveRequest.ClientIpFieldNumber | 1 << ResolveRequest.ClientSubnetFieldNumber
        | 1 << ResolveRequest.RegionIdFieldNumber | 1 << ResolveRequest.ClientIpBytesFieldNumber;

    private readonly RoutingTable _table;
    private readonly Span<ushort> _excluded;
    private int _seen, _excludedCount, _service, _region;
    private ClientForm _form;
    private ClientAddress _address;
    private IpPrefix _subnet;
    private ReadOnlySpan<byte> _session;

    private ResolveQuestion(RoutingTable table, Span<ushort> room)
    {
        _table = table;
        _excluded = room;
        Count = Resolver.DefaultCount;
    }

    /// <summary>How many edges are wanted.</summary>
    public int Count { get; private set; }

    /// <summary>True where the client asks not to be told apart: for a subnet of length 0.</summary>
    public readonly bool AsksForAll => _form == ClientForm.Subnet && _subnet.Length == 0;

    /// <summary>The question as the table takes it.</summary>
    public readonly DecisionRequest Request => Client with { SessionKey = _session, Excluded = _excluded[.._excludedCount] };

    private readonly DecisionRequest Client => _form switch
    {
        ClientForm.Address => DecisionRequest.ForAddress(_service, _address),
        ClientForm.Subnet => DecisionRequest.ForSubnet(_service, _subnet),
        _ => DecisionRequest.ForRegion(_service, _region),
    };

    /// <summary>Reads a message. O(bytes), allocates nothing.</summary>
    /// <param name="message">The bytes of a <see cref="ResolveRequest"/>; must outlive the question.</param>
    /// <param name="table">Gives names their ordinals.</param>
    /// <param name="room">Takes what is excluded; as much as may be.</param>
    /// <param name="question">The question.</param>
    /// <returns>False for a message that the generated code must look at.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, RoutingTable table, Span<ushort> room, out ResolveQuestion question)
    {
        question = new(table, room);
        while (message.Length >= 2)
        {
            (int field, int type, int value) = (message[0] >> 3, message[0] & 7, message[1]);
            message = message[2..];
            if (value > Longest) return false;
            ReadOnlySpan<byte> bytes = default;
            if (type == (int)WireFormat.WireType.LengthDelimited)
            {
                if (value > message.Length) return false;
                bytes = message[..value];
                message = message[value..];
            }
            else if (type != (int)WireFormat.WireType.Varint || field != ResolveRequest.CountFieldNumber)
            {
                return false;
            }
            if (!question.TryTake(field, bytes, value)) return false;
        }
        return message.IsEmpty && (question._seen & ClientFields) != 0;
    }

    private bool TryTake(int field, ReadOnlySpan<byte> bytes, int value)
    {
        int bit = 1 << field;
        bool again = (_seen & bit) != 0 || ((bit & ClientFields) != 0 && (_seen & ClientFields) != 0);
        _seen |= bit;
        if (field == ResolveRequest.ExcludeFieldNumber) return TryExclude(bytes);
        return !again && field switch
        {
            ResolveRequest.ClientIpFieldNumber => ClientAddress.TryParse(bytes, out _address),
            ResolveRequest.ClientIpBytesFieldNumber => ClientAddress.TryFromBytes(bytes, out _address),
            ResolveRequest.SessionKeyFieldNumber => TrySession(bytes),
            ResolveRequest.CountFieldNumber => TryCount(value),
            _ => TryText(field, bytes),
        };
    }

    private bool TryText(int field, ReadOnlySpan<byte> bytes)
    {
        Span<char> room = stackalloc char[Longest];
        if (Ascii.ToUtf16(bytes, room, out int length) != OperationStatus.Done) return false;
        ReadOnlySpan<char> text = room[..length];
        switch (field)
        {
            case ResolveRequest.ClientSubnetFieldNumber:
                _form = ClientForm.Subnet;
                return IpPrefix.TryParse(text, out _subnet, out _);
            case ResolveRequest.RegionIdFieldNumber:
                _form = ClientForm.Region;
                return (_region = _table.RegionOrdinal(text)) >= 0;
            case ResolveRequest.ServiceFieldNumber:
                return text.IsEmpty || (_service = Resolver.ServiceOf(_table, text)) >= 0;
            default:
                return false;
        }
    }

    // A key that is no UTF-8 reaches the hash as the generated code mends it.
    private bool TrySession(ReadOnlySpan<byte> bytes)
    {
        _session = bytes;
        return Utf8.IsValid(bytes);
    }

    private bool TryCount(int value)
    {
        Count = value == 0 ? Resolver.DefaultCount : value;
        return value <= Resolver.MostEdges;
    }

    private bool TryExclude(ReadOnlySpan<byte> bytes)
    {
        Span<char> room = stackalloc char[Longest];
        if (_excludedCount == _excluded.Length || Ascii.ToUtf16(bytes, room, out int length) != OperationStatus.Done) return false;
        int edge = _table.EdgeOrdinal(room[..length]);
        if (edge < 0) return false;
        _excluded[_excludedCount++] = (ushort)edge;
        return true;
    }
}
