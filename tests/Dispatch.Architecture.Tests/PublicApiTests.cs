using System.Reflection;

namespace TrafficDispatch.Architecture.Tests;

/// <summary>What the packages show to others is written down; a change of it is seen in review, and meant.</summary>
public sealed class PublicApiTests
{
    /// <summary>Set to write it down anew: <c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.Architecture.Tests -c Release --filter PublicApiTests</c>.</summary>
    private const string Write = "DISPATCH_WRITE_REFERENCE";

    public static TheoryData<string> Packages => ["Dispatch.Core", "Dispatch.Client"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_PublicTypesAndMembers_AreThoseWrittenDown(string name)
    {
        string file = Path.Combine(Root(), "tests", "Dispatch.Architecture.Tests", "Api", $"Traffic{name}.txt");
        string actual = PublicApi.Of(Assembly.Load(name));
        if (Environment.GetEnvironmentVariable(Write) == "1") File.WriteAllText(file, actual);
        string written = File.ReadAllText(file);
        string[] came = [.. actual.Split('\n').Except(written.Split('\n'))], went = [.. written.Split('\n').Except(actual.Split('\n'))];
        Assert.True(actual == written, $"The public API of {name} is not the one written down in {Path.GetFileName(file)}; if that is meant, write it anew with {Write}=1.\n"
            + string.Join('\n', came.Select(static l => "+ " + l).Concat(went.Select(static l => "- " + l))));
    }

    private static string Root()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "TrafficDispatch.sln"))) at = Path.GetDirectoryName(at);
        return at ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
