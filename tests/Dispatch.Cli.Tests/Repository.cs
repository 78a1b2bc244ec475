namespace TrafficDispatch.Cli.Tests;

/// <summary>Files of the repository, found upwards from where the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string World { get; } = Path.Combine(Root, "data", "world");

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "TrafficDispatch.sln"))) return at.FullName;
        throw new DirectoryNotFoundException("The solution is not above the tests.");
    }
}
