using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Connectors;

namespace TrafficDispatch.Service.Tests.Planning;

/// <summary>A client that is not ours asks.</summary>
public sealed class PlannerInteropTests : IDisposable
{
    private static readonly string Script = Path.Combine(Repository.Root, "tests", "interop", "python", "planner.py");

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task WhatIf_AskedInPython_GetsEverything()
    {
        await using TestService service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:Failures=off");
        string descriptors = Path.Combine(_state.Path, "descriptors.bin");
        FileDescriptorSet set = new() { File = { TimestampReflection.Descriptor.ToProto(), StatusReflection.Descriptor.ToProto(), PlannerReflection.Descriptor.ToProto() } };
        await File.WriteAllBytesAsync(descriptors, set.ToByteArray());
        (int code, string output) = await ForeignTool.RunAsync("/usr/bin/python3", "-B", Script, new Uri(service.GrpcUrl).Authority, descriptors);
        Assert.True(code == 0, output);
        Assert.Contains("11 passed, 0 failed", output, StringComparison.Ordinal);
    }
}
