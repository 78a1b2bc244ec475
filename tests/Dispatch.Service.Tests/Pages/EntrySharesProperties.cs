using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Service.Pages.Data;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Tests.Watch;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Pages;

/// <summary>The shares that the map draws, against what thousands of clients are really answered.</summary>
public sealed class EntrySharesProperties
{
    private const int Clients = 3000;

    // Keys are always the same: this fails always or never.
    private static readonly byte[][] Keys = [.. Enumerable.Range(0, Clients).Select(static i => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"viewer-{i}")))];

    [Fact]
    public void Read_AnyTableUnderAnyOverlay_IsHowDecideSplitsClients() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(71UL, 913UL).WithMaxTest(60), Prop.ForAll(DrawnTable.Any, drawn =>
        {
            RoutingTable table = drawn.Table(new(1, 1));
            Overlay overlay = drawn.Under(table, drawn.Seed).Overlay;
            EntryShares shares = new(table, overlay.Down);
            for (int service = 0; service < drawn.Services; service++)
            {
                for (int region = 0; region < drawn.Regions; region++)
                {
                    int entry = table.Content.Services[service].Profile * (drawn.Regions + 1) + region;
                    Dictionary<int, int> told = [];
                    foreach ((int edge, int weight) in shares.Read(entry)) told[edge] = weight;
                    told[-1] = Shares.Whole - told.Values.Sum();
                    Dictionary<int, int> answered = Ask(table, overlay, service, region);
                    foreach (int edge in told.Keys.Union(answered.Keys)) AssertSame(answered.GetValueOrDefault(edge), told.GetValueOrDefault(edge), $"edge {edge} of entry {entry}");
                }
            }
        }));

    /// <summary>How many clients each edge gets; −1 stands for those whom the plan does not serve, wherever their service's policy sends them.</summary>
    private static Dictionary<int, int> Ask(RoutingTable table, Overlay overlay, int service, int region)
    {
        Dictionary<int, int> answered = [];
        EdgeShare[] first = new EdgeShare[1];
        foreach (byte[] key in Keys)
        {
            Decision decision = table.Decide(DecisionRequest.ForRegion(service, region) with { Down = overlay.Down, Drained = overlay.Drained, SessionKey = key }, first);
            bool isServed = decision.Reason is DecisionReason.Assigned or DecisionReason.Failover or DecisionReason.Backup;
            int edge = isServed ? first[0].Edge : -1;
            answered[edge] = answered.GetValueOrDefault(edge) + 1;
        }
        return answered;
    }

    // Five standard deviations of a count, and what rounding to 1/16384 may do.
    private static void AssertSame(int clients, int weight, string what)
    {
        double part = (double)weight / Shares.Whole, expected = part * Clients;
        Assert.True(Math.Abs(clients - expected) <= 5 * Math.Sqrt(Clients * part * (1 - part)) + 2, $"{what}: {clients} of {Clients} clients, {expected:0} foretold");
    }
}
