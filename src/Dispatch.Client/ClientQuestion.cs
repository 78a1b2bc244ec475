using System.Collections.Immutable;
using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>Which client asks for which service, in names. Immutable.</summary>
public sealed record ClientQuestion
{
    private const int MostEdges = 16, MostExcluded = 64, LongestSessionKey = 256;

    private ClientQuestion(ClientForm form, IpPrefix subnet, string region) => (Form, Subnet, RegionId) = (form, subnet, region);

    /// <summary>How the client is named.</summary>
    public ClientForm Form { get; }

    /// <summary>The client's address with its whole length, or its subnet; meaningless for a region.</summary>
    public IpPrefix Subnet { get; }

    /// <summary>The client's region; empty where it is named by address.</summary>
    public string RegionId { get; }

    /// <summary>Id or host name of the service; empty (default) for the first of the world.</summary>
    public string Service { get; init; } = "";

    /// <summary>What the choice among several edges is stable on, at most 256 bytes of UTF-8; empty (default) for the client's granule or region.</summary>
    public string SessionKey { get; init; } = "";

    /// <summary>How many edges are wanted, 1 to 16; default 3.</summary>
    public int Count { get; init; } = 3;

    /// <summary>Ids of edges not to answer with, at most 64; default none.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>A question of a client with this address.</summary>
    public static ClientQuestion OfAddress(ClientAddress address) => new(ClientForm.Address, new(address, address.Width), "");

    /// <summary>A question for the clients in this prefix, as in EDNS Client Subnet.</summary>
    public static ClientQuestion OfSubnet(IpPrefix subnet) => new(ClientForm.Subnet, subnet, "");

    /// <summary>A question for a region's clients.</summary>
    public static ClientQuestion OfRegion(string regionId) => new(ClientForm.Region, default, regionId);

    /// <summary>What is out of its range; empty where nothing is.</summary>
    internal string Fault()
    {
        if (Count is < 1 or > MostEdges) return $"Count is {Count}: must be 1 to {MostEdges}.";
        if (Exclude.IsDefault || Exclude.Length > MostExcluded) return $"Exclude must be given and name at most {MostExcluded} edges.";
        return Encoding.UTF8.GetByteCount(SessionKey) > LongestSessionKey ? $"SessionKey is longer than {LongestSessionKey} bytes." : "";
    }
}
