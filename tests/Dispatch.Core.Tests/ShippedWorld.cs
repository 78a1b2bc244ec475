using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests;

/// <summary>The world of <c>data/world</c>, loaded once for all tests.</summary>
internal static class ShippedWorld
{
    /// <summary>The folder, found upwards from where the tests run.</summary>
    public static string Directory { get; } = Find();

    private static readonly Lazy<WorldLoadResult> Loaded = new(static () => WorldFolder.Load(Directory));

    /// <summary>What the load gave.</summary>
    public static WorldLoadResult Result => Loaded.Value;

    /// <summary>The world.</summary>
    public static World World => Result.World ?? throw new InvalidOperationException(string.Join('\n', Result.Faults));

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "data", "world", "regions.csv"))) return Path.Combine(at.FullName, "data", "world");
        throw new DirectoryNotFoundException("data/world is not above the tests.");
    }
}
