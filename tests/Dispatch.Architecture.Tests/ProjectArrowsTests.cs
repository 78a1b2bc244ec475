using System.Reflection;

namespace TrafficDispatch.Architecture.Tests;

/// <summary>Which project may use which, read off the built assemblies.</summary>
public sealed class ProjectArrowsTests
{
    private static readonly string Folder = AppContext.BaseDirectory;

    [Theory]
    [InlineData("Dispatch.Core", new string[0])]
    [InlineData("Dispatch.Rpc", new[] { "Google.Protobuf" })]
    [InlineData("Dispatch.Protocol", new[] { "Dispatch.Rpc", "Google.Protobuf" })]
    [InlineData("Dispatch.State", new[] { "Dispatch.Core", "StackExchange.Redis" })]
    [InlineData("Dispatch.Dns", new[] { "Dispatch.Core" })]
    [InlineData("Dispatch.Client", new[] { "Dispatch.Core", "Dispatch.Protocol", "Dispatch.Rpc", "Google.Protobuf" })]
    [InlineData("Dispatch.Service", new[]
    {
        "Dispatch.Core", "Dispatch.Dns", "Dispatch.State", "Dispatch.Protocol", "Dispatch.Rpc", "Google.Protobuf", "OpenTelemetry", "OpenTelemetry.Api", "OpenTelemetry.Exporter.OpenTelemetryProtocol",
    })]
    [InlineData("dispatch", new[] { "Dispatch.Core", "Dispatch.State", "Dispatch.Protocol", "Dispatch.Rpc", "Google.Protobuf", "System.CommandLine", "Spectre.Console", "YamlDotNet" })]
    public void Project_References_OnlyWhatItMay(string project, string[] allowed)
    {
        IEnumerable<string> used = Graph(project).ReferencedAssemblies.Where(static a => !IsPlatform(a));
        Assert.Empty(used.Except(allowed, StringComparer.Ordinal));
    }

    /// <summary>Answers come from memory: what serves must not even name a store.</summary>
    [Fact]
    public void Serve_NeverMeetsTheStore() => Assert.DoesNotContain(Graph("Dispatch.Service").NamespaceArrows, static a =>
        In(a.From, "Serve") && (a.To.StartsWith("TrafficDispatch.State", StringComparison.Ordinal) || a.To.StartsWith("StackExchange", StringComparison.Ordinal)));

    /// <summary>The client library stays behind our own types, so that it can be replaced.</summary>
    [Fact]
    public void State_RedisTypes_StayInTheirFolder()
    {
        AssemblyGraph state = Graph("Dispatch.State");
        IEnumerable<string> users = state.NamespaceArrows.Where(static a => a.To.StartsWith("StackExchange.", StringComparison.Ordinal)).Select(static a => a.From).Distinct();
        Assert.Equal(["TrafficDispatch.State.Redis"], users);
    }

    /// <summary>The exporter stays in one room: metrics and spans are made with the platform's own types.</summary>
    [Fact]
    public void Service_OpenTelemetry_StaysInItsRoom()
    {
        IEnumerable<string> users = Graph("Dispatch.Service").NamespaceArrows.Where(static a => a.To.StartsWith("OpenTelemetry", StringComparison.Ordinal)).Select(static a => a.From).Distinct();
        Assert.Equal(["TrafficDispatch.Service.Export"], users);
    }

    [Fact]
    public void State_PublicTypes_NameNoTypeOfTheClientLibrary()
    {
        IEnumerable<string> seen = typeof(State.IStateStore).Assembly.GetExportedTypes()
            .SelectMany(static t => t.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
            .SelectMany(static m => m switch
            {
                MethodBase method => method.GetParameters().Select(static p => p.ParameterType).Append((method as MethodInfo)?.ReturnType ?? typeof(void)),
                PropertyInfo property => [property.PropertyType],
                _ => [],
            })
            .Select(static t => t.Assembly.GetName().Name!);
        Assert.DoesNotContain("StackExchange.Redis", seen);
    }

    [Fact]
    public void Rpc_Namespaces_AreThoseOfTheStandardPackages() =>
        Assert.All(Graph("Dispatch.Rpc").DeclaredNamespaces, static n => Assert.StartsWith("Grpc.", n, StringComparison.Ordinal));

    /// <summary>A namespace that ends in Grpc below ours would hide Grpc.Core from everything beside it.</summary>
    [Theory]
    [InlineData("Dispatch.Core")]
    [InlineData("Dispatch.State")]
    [InlineData("Dispatch.Protocol")]
    [InlineData("Dispatch.Client")]
    [InlineData("Dispatch.Service")]
    [InlineData("dispatch")]
    public void Project_Namespaces_HideNoGrpc(string project) =>
        Assert.DoesNotContain(Graph(project).DeclaredNamespaces, static n =>
            n.StartsWith("TrafficDispatch.", StringComparison.Ordinal) && n.Split('.').Contains("Grpc"));

    [Theory]
    [InlineData("Serve", "State")]
    [InlineData("Serve", "Publish")]
    [InlineData("Serve", "Ingest")]
    [InlineData("Connectors", "State")]
    [InlineData("Connectors", "Publish")]
    [InlineData("Connectors", "Ingest")]
    [InlineData("State", "Serve")]
    [InlineData("Ingest", "Serve")]
    public void Service_Rooms_DoNotMeet(string from, string to) =>
        Assert.DoesNotContain(Graph("Dispatch.Service").NamespaceArrows, a =>
            In(a.From, from) && In(a.To, to));

    private static bool In(string name, string room) =>
        name == $"TrafficDispatch.Service.{room}" || name.StartsWith($"TrafficDispatch.Service.{room}.", StringComparison.Ordinal);

    private static bool IsPlatform(string assembly) =>
        (assembly.StartsWith("System.", StringComparison.Ordinal) && assembly != "System.CommandLine")
        || assembly.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        || assembly.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        || assembly is "netstandard" or "mscorlib";

    private static AssemblyGraph Graph(string project) => AssemblyGraph.Of(Path.Combine(Folder, project + ".dll"));
}
