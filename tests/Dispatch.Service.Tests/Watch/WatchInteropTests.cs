using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Connectors;

namespace TrafficDispatch.Service.Tests.Watch;

/// <summary>A second implementation, in Python, of what docs/reference/watch-table.md says.</summary>
public sealed class WatchInteropTests : IDisposable
{
    /// <summary>Set to write the vectors anew: <c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.Service.Tests -c Release --filter WatchInteropTests</c>.</summary>
    private const string Write = "DISPATCH_WRITE_REFERENCE";

    private static readonly string Vectors = Path.Combine(Repository.Root, "docs", "reference", "watch-table-vectors.json");
    private static readonly string Script = Path.Combine(Repository.Root, "tests", "interop", "python", "watch_table.py");

    private readonly StateDirectory _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Vectors_AsPublished_HoldForBothImplementations()
    {
        string made = WatchVectors.Make();
        if (Environment.GetEnvironmentVariable(Write) == "1") await File.WriteAllTextAsync(Vectors, made);
        Assert.Equal(await File.ReadAllTextAsync(Vectors), made);
        (int code, string output) = await ForeignTool.RunAsync("/usr/bin/python3", "-B", Script, "check", Vectors, await Descriptors());
        Assert.True(code == 0, output);
        Assert.Contains("360 decisions, 0 faults", output, StringComparison.Ordinal);
    }

    /// <summary>It follows swaps and drains of a real service and decides, question by question, as Resolve answers.</summary>
    [Fact]
    public async Task Follow_SwapsAndDrains_DecidesAsResolve()
    {
        using TestWorld world = TestWorld.Small().Save();
        await using TestService service = await TestService.StartAsync(world.Directory, _state.Path, null, TestService.PlansAlone);
        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-B", Script, "follow", new Uri(service.GrpcUrl).Authority, await Descriptors(), "FR-01", "CN-01"])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        List<string> lines = [await Next()];
        service.Swap(service.Content().Turned("FR-01"));
        lines.Add(await Next());
        service.Holder.Say("test", [new(HealthScope.Edge, "own-par", HealthState.Drained, 0)]);
        lines.Add(await Next());
        service.Holder.Weigh("test", new([new("own-bos", 30)], ["own-pek"]));
        lines.Add(await Next());
        service.Swap(service.Content().WithPrefixes(2000, 5).Turned("CN-01"), epochs: 1);
        lines.Add(await Next());
        python.StandardInput.Close();
        string last = await Next();
        Assert.Contains(" 0 faults", last, StringComparison.Ordinal);
        Assert.Equal(["full", "delta", "delta", "delta", "full"], lines.Select(static l => l.Split(' ')[0]));
        Assert.All(lines, static l => Assert.EndsWith(" 0 behind", l, StringComparison.Ordinal));

        async Task<string> Next() => await python.StandardOutput.ReadLineAsync().WaitAsync(WatchReader.Patience) ?? throw new InvalidOperationException(await errors);
    }

    private async Task<string> Descriptors()
    {
        string path = Path.Combine(_state.Path, "descriptors.bin");
        FileDescriptorSet set = new() { File = { CommonReflection.Descriptor.ToProto(), WatchReflection.Descriptor.ToProto(), RoutingReflection.Descriptor.ToProto() } };
        await File.WriteAllBytesAsync(path, set.ToByteArray());
        return path;
    }
}
