using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Dns.Answers;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;

namespace TrafficDispatch.Dns.PowerDns;

/// <summary>What PowerDNS may call on a remote backend, as far as it is answered with more than <c>false</c>.</summary>
public enum RemoteMethod
{
    /// <summary>Anything else.</summary>
    Unknown,

    /// <summary>First call on a socket.</summary>
    Initialize,

    /// <summary>Records of a name.</summary>
    Lookup,

    /// <summary>Records of a zone.</summary>
    List,

    /// <summary>The zones.</summary>
    GetAllDomains,

    /// <summary>All settings of a zone.</summary>
    GetAllDomainMetadata,

    /// <summary>One kind of setting of a zone.</summary>
    GetDomainMetadata,

    /// <summary>About a zone.</summary>
    GetDomainInfo,
}

/// <summary>A call of PowerDNS' remote backend. Immutable.</summary>
public sealed record RemoteCall
{
    /// <summary>Longest call that is read, bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int MaxDepth = 8;

    /// <summary>What is called; names count in any case of letters.</summary>
    public required RemoteMethod Method { get; init; }

    /// <summary>The name or zone that it is about; null where none is given or it is no name.</summary>
    public DnsName? Name { get; init; }

    /// <summary>The type asked for; <see cref="DnsType.None"/> for one that is not known here.</summary>
    public DnsType Type { get; init; }

    /// <summary>Who asked PowerDNS; null where that is not told.</summary>
    public ClientAddress? Remote { get; init; }

    /// <summary>The client's subnet, or <see cref="Remote"/> as a subnet where the question told none; null where nothing is told.</summary>
    public IpPrefix? RealRemote { get; init; }

    /// <summary>Whom the answer is for.</summary>
    /// <param name="regionOf">As <see cref="DnsResponder.Respond"/> has it; asked where only the resolver is known.</param>
    public DnsClient ClientOf(Func<ClientAddress, int> regionOf)
    {
        if (RealRemote is not { Length: > 0 } subnet) return Remote is { } asker ? Asker(asker, regionOf) : DnsClient.Unknown;
        // PowerDNS has the resolver stand for the client where the question tells no subnet.
        bool isResolver = Remote is { } remote && subnet.Length == subnet.Address.Width && subnet.Address == remote;
        return isResolver ? Asker(subnet.Address, regionOf) : DnsClient.In(subnet);
    }

    /// <summary>Reads <c>{"method":…,"parameters":{…}}</c>.</summary>
    /// <param name="json">UTF-8, at most <see cref="MaxBytes"/>.</param>
    /// <param name="call">The call.</param>
    /// <returns>False where it is not such an object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out RemoteCall? call) => TryRead(json, null, out call);

    /// <summary>Reads the parameters alone, <c>{…}</c>, of a method that was named elsewhere.</summary>
    public static bool TryReadParameters(string method, ReadOnlySpan<byte> json, [NotNullWhen(true)] out RemoteCall? call) => TryRead(json, method, out call);

    /// <summary>Reads a call from the path behind the connector's URL, and from headers.</summary>
    /// <param name="path">Method and values with slashes between, escaped as in URLs, for instance <c>lookup/live.example.net./A</c>.</param>
    /// <param name="remote">Header <c>X-RemoteBackend-remote</c>; null for none.</param>
    /// <param name="realRemote">Header <c>X-RemoteBackend-real-remote</c>; null for none.</param>
    public static RemoteCall FromPath(string path, string? remote, string? realRemote)
    {
        string[] parts = [.. path.Split('/').Select(Uri.UnescapeDataString)];
        RemoteMethod method = MethodOf(parts[0]);
        // PowerDNS leaves slashes in names as they are.
        string name = method switch
        {
            RemoteMethod.Lookup or RemoteMethod.GetDomainMetadata => string.Join('/', parts.Skip(1).SkipLast(1)),
            RemoteMethod.List => string.Join('/', parts.Skip(2)),
            _ => string.Join('/', parts.Skip(1)),
        };
        return new()
        {
            Method = method,
            Name = NameOf(name),
            Type = method == RemoteMethod.Lookup ? TypeOf(parts[^1]) : DnsType.None,
            Remote = AddressOf(remote),
            RealRemote = SubnetOf(realRemote),
        };
    }

    private static DnsClient Asker(ClientAddress asker, Func<ClientAddress, int> regionOf) =>
        regionOf(asker) is >= 0 and int region ? DnsClient.OfRegion(region) : DnsClient.At(asker);

    private static bool TryRead(ReadOnlySpan<byte> json, string? method, [NotNullWhen(true)] out RemoteCall? call)
    {
        call = null;
        if (json.Length > MaxBytes) return false;
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            RemoteCall read = new() { Method = RemoteMethod.Unknown };
            if (method is null) read = ReadCall(ref reader, ref method);
            else read = ReadParameters(ref reader);
            // Nothing may follow; the reader itself refuses it.
            if (method is null || reader.Read()) return false;
            call = read with { Method = MethodOf(method) };
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or text with half a surrogate pair: the caller is told so, once, by the result.
            return false;
        }
    }

    private static RemoteCall ReadCall(ref Utf8JsonReader reader, ref string? method)
    {
        RemoteCall call = new() { Method = RemoteMethod.Unknown };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            bool isMethod = key.Equals("method", StringComparison.OrdinalIgnoreCase), isParameters = key.Equals("parameters", StringComparison.OrdinalIgnoreCase);
            if (isMethod && reader.TokenType == JsonTokenType.String) method = reader.GetString();
            else if (isParameters && reader.TokenType == JsonTokenType.StartObject) call = ReadParameters(ref reader);
            else reader.Skip();
        }
        return call;
    }

    private static RemoteCall ReadParameters(ref Utf8JsonReader reader)
    {
        RemoteCall call = new() { Method = RemoteMethod.Unknown };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!.ToLowerInvariant();
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }
            string value = reader.GetString()!;
            call = key switch
            {
                "qname" or "name" or "zonename" => call with { Name = NameOf(value) },
                "qtype" => call with { Type = TypeOf(value) },
                "remote" => call with { Remote = AddressOf(value) },
                "real-remote" => call with { RealRemote = SubnetOf(value) },
                _ => call,
            };
        }
        return call;
    }

    private static RemoteMethod MethodOf(string name) => name.ToLowerInvariant() switch
    {
        "initialize" => RemoteMethod.Initialize,
        "lookup" => RemoteMethod.Lookup,
        "list" => RemoteMethod.List,
        "getalldomains" => RemoteMethod.GetAllDomains,
        "getalldomainmetadata" => RemoteMethod.GetAllDomainMetadata,
        "getdomainmetadata" => RemoteMethod.GetDomainMetadata,
        "getdomaininfo" => RemoteMethod.GetDomainInfo,
        _ => RemoteMethod.Unknown,
    };

    private static DnsName? NameOf(string text) => DnsName.TryParse(text, out DnsName? name) ? name : null;

    private static DnsType TypeOf(string text)
    {
        if (text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase))
            return ushort.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) ? (DnsType)number : DnsType.None;
        bool isKnown = Enum.TryParse(text, ignoreCase: true, out DnsType type) && type != DnsType.LeastMeta && !char.IsAsciiDigit(text[0]);
        return isKnown ? type : DnsType.None;
    }

    private static ClientAddress? AddressOf(string? text) => ClientAddress.TryParse(text, out ClientAddress address) ? address : null;

    /// <summary>A subnet, with bits beyond its length dropped; an address alone stands for itself.</summary>
    private static IpPrefix? SubnetOf(string? text)
    {
        ReadOnlySpan<char> all = text;
        int slash = all.IndexOf('/');
        if (!ClientAddress.TryParse(slash < 0 ? all : all[..slash], out ClientAddress address)) return null;
        if (slash < 0) return new(address, address.Width);
        if (!int.TryParse(all[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int length)) return null;
        if (!address.IsIPv6 && all[..slash].Contains(':')) length -= 96;
        return length >= 0 && length <= address.Width ? IpPrefix.Around(address, length) : null;
    }
}
