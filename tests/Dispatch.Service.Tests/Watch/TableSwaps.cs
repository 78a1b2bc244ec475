using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Watch;

/// <summary>Puts changed tables in force, as a solve would.</summary>
internal static class TableSwaps
{
    /// <summary>Puts the content in force under the next version.</summary>
    public static TableVersion Swap(this TestService service, TableContent content, int epochs = 0)
    {
        TableVersion version = service.Holder.Current!.Table.Version;
        TableVersion next = epochs > 0 ? new(version.Epoch + epochs, 1) : version.Next();
        Assert.True(service.Holder.Swap(new(RoutingTable.Create(content, next, TestService.Morning().GetUtcNow()), null)));
        return next;
    }

    public static TableContent Content(this TestService service) => service.Holder.Current!.Table.Content;

    /// <summary>The same, but a region's clients go backwards through their edges: the last backup first.</summary>
    public static TableContent Turned(this TableContent content, string region)
    {
        EntryRows rows = content.Entries;
        int slot = content.Regions.Select(static r => r.Id).ToList().IndexOf(region);
        ushort[] edges = [.. rows.Edge];
        for (int profile = 0; profile < rows.Profiles; profile++)
        {
            int entry = profile * (content.Regions.Length + 1) + slot;
            edges.AsSpan(rows.Start[entry], rows.Start[entry + 1] - rows.Start[entry]).Reverse();
        }
        return content with { Entries = rows with { Edge = [.. edges] }, Failovers = FailoverRows.None };
    }

    /// <summary>The same with so many more prefixes, all in the first location, that it takes long to send; which ones is drawn.</summary>
    public static TableContent WithPrefixes(this TableContent content, int count, int seed)
    {
        Random dice = new(seed);
        PrefixEntry[] entries = [.. Enumerable.Range(0, count).Select(i => new PrefixEntry(IpPrefix.Around(ClientAddress.FromV4((uint)((i * 2) << 8)), 24), dice.Next(content.Locations.Length)))];
        return content with { Prefixes = PrefixIndex.Build(entries) };
    }
}
