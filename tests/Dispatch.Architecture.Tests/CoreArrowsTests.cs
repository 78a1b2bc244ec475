using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Architecture.Tests;

/// <summary>The order of the house: inside Core every arrow points one way.</summary>
public sealed class CoreArrowsTests
{
    private static readonly AssemblyGraph Core = AssemblyGraph.Of(typeof(World).Assembly.Location);

    /// <summary>Folder of Core → folders whose types it may name.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Flow"] = [],
        ["Measure"] = ["Model"],
        ["Table"] = ["Model"],
        ["Geo"] = ["Model"],
        ["Solve"] = ["Model", "Measure", "Flow", "Table"],
        ["WhatIf"] = ["Model", "Measure", "Flow", "Table", "Geo", "Solve"],
    };

    [Fact]
    public void Core_References_BaseLibraryOnly() =>
        Assert.All(Core.ReferencedAssemblies, static a => Assert.StartsWith("System.", a, StringComparison.Ordinal));

    [Fact]
    public void Core_EveryNamespace_StandsInAKnownFolder() =>
        Assert.All(Core.DeclaredNamespaces, static n => Assert.Contains(FolderOf(n) ?? n, Allowed.Keys));

    [Fact]
    public void Core_Arrows_PointOneWay()
    {
        IEnumerable<string> wrong = Core.NamespaceArrows
            .Select(static a => (From: FolderOf(a.From), To: FolderOf(a.To)))
            .Where(static a => a.From is not null && a.To is not null && a.From != a.To && !Allowed[a.From].Contains(a.To))
            .Select(static a => $"{a.From} -> {a.To}")
            .Distinct();
        Assert.Empty(wrong);
    }

    /// <summary>The check itself can fail: Solve does use Flow, and the graph shows it.</summary>
    [Fact]
    public void Graph_KnownUse_IsSeen()
    {
        Assert.Contains((typeof(Solve.DispatchSolver).Namespace!, typeof(FlowNetwork).Namespace!), Core.NamespaceArrows);
        Assert.DoesNotContain((typeof(FlowNetwork).Namespace!, typeof(World).Namespace!), Core.NamespaceArrows);
    }

    private static string? FolderOf(string name)
    {
        string[] parts = name.Split('.');
        return parts.Length >= 2 && parts[0] == "TrafficDispatch" ? parts[1] : null;
    }
}
