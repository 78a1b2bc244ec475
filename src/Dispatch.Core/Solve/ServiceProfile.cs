using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>What services have in common for the solve: their class and the edges that may serve them.</summary>
/// <param name="Class">Ordinal of the traffic class.</param>
/// <param name="Operators">Operators whose edges may serve; empty for all.</param>
/// <param name="Edges">Edges that may serve; empty for all of those operators.</param>
/// <param name="ShareOfDemand">Part of every region's demand, 0 to 1.</param>
public sealed record ServiceProfile(int Class, ImmutableArray<string> Operators, ImmutableArray<string> Edges, double ShareOfDemand)
{
    /// <summary>True where the profile's own rules let this edge serve.</summary>
    public bool Accepts(Edge edge) =>
        (Operators.IsEmpty || Operators.Contains(edge.Operator)) && (Edges.IsEmpty || Edges.Contains(edge.Id));
}

/// <summary>The services of a world, gathered into profiles: a thousand services with the same rules are one commodity.</summary>
public sealed class ServiceProfiles
{
    private ServiceProfiles(ImmutableArray<ServiceProfile> profiles, ImmutableArray<string> keys, ImmutableArray<int> ofService)
    {
        Profiles = profiles;
        Keys = keys;
        OfService = ofService;
    }

    /// <summary>The profiles, in the order in which services first show them.</summary>
    public ImmutableArray<ServiceProfile> Profiles { get; }

    /// <summary>For each profile a text that names its rules: the same in any world that has services with these rules.</summary>
    public ImmutableArray<string> Keys { get; }

    /// <summary>The profile of each service, by ordinals.</summary>
    public ImmutableArray<int> OfService { get; }

    /// <summary>Gathers the services of a world.</summary>
    /// <remarks>
    /// A class's share of demand is split over its services by <see cref="Service.ClassShare"/>; a class that no service uses asks for
    /// nothing.
    /// </remarks>
    public static ServiceProfiles Of(World world)
    {
        double[] classTotal = new double[world.Classes.Length];
        foreach (Service s in world.Services) classTotal[world.ClassOrdinal(s.ClassId)] += s.ClassShare;
        List<(string Key, ServiceProfile Profile)> found = [];
        int[] ofService = new int[world.Services.Length];
        for (int i = 0; i < ofService.Length; i++)
        {
            Service s = world.Services[i];
            int cls = world.ClassOrdinal(s.ClassId);
            double share = classTotal[cls] > 0 ? world.Classes[cls].Share * s.ClassShare / classTotal[cls] : 0;
            ofService[i] = Join(found, s, cls, share);
        }
        return new([.. found.Select(static f => f.Profile)], [.. found.Select(static f => f.Key)], [.. ofService]);
    }

    private static int Join(List<(string Key, ServiceProfile Profile)> found, Service service, int cls, double share)
    {
        ImmutableArray<string> operators = service.Operators.Sort(StringComparer.Ordinal), edges = service.Edges.Sort(StringComparer.Ordinal);
        string key = $"{service.ClassId}\n{string.Join('\t', operators)}\n{string.Join('\t', edges)}";
        int at = found.FindIndex(f => f.Key == key);
        if (at < 0)
        {
            found.Add((key, new(cls, operators, edges, share)));
            return found.Count - 1;
        }
        found[at] = (key, found[at].Profile with { ShareOfDemand = found[at].Profile.ShareOfDemand + share });
        return at;
    }
}
