using Google.Protobuf.Reflection;

namespace TrafficDispatch.Docs.Tests.Reference;

/// <summary>
/// The page of the protocol is that of the .proto files. <c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.Docs.Tests -c Release --filter ProtocolPageTests</c> writes it anew.
/// </summary>
public sealed class ProtocolPageTests
{
    private static readonly string[] Uncommented = ["grpc.", "coredns."];

    [Fact]
    public async Task Page_OfTheProtocol_IsThatOfTheFiles()
    {
        string path = Path.Combine(ForeignTool.Root, "docs", "reference", "protos.md"), made = ProtocolPage.Render(await DescriptorsAsync());
        if (Environment.GetEnvironmentVariable("DISPATCH_WRITE_REFERENCE") == "1") await File.WriteAllTextAsync(path, made);
        Assert.Equal(await File.ReadAllTextAsync(path), made);
    }

    /// <summary>A service or call of ours without a word would be an empty line on the page.</summary>
    [Fact]
    public async Task Protocol_EveryServiceAndStream_IsCommented()
    {
        FileDescriptorSet set = await DescriptorsAsync();
        foreach (FileDescriptorProto file in set.File.Where(static f => !Array.Exists(Uncommented, p => f.Package.StartsWith(p, StringComparison.Ordinal)) && !f.Package.StartsWith("google.", StringComparison.Ordinal)))
        {
            HashSet<string> commented = [.. file.SourceCodeInfo.Location.Where(static l => l.HasLeadingComments).Select(static l => string.Join('.', l.Path))];
            for (int i = 0; i < file.Service.Count; i++) Assert.True(commented.Contains($"6.{i}"), $"{file.Name}: service {file.Service[i].Name} has no comment");
        }
    }

    private static async Task<FileDescriptorSet> DescriptorsAsync()
    {
        string protos = Path.Combine(ForeignTool.Root, "src", "Dispatch.Protocol", "proto"), made = Path.GetTempFileName();
        try
        {
            string[] files = [.. Directory.GetFiles(protos, "*.proto", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            (int code, string output) = await ForeignTool.RunAsync("protoc", ["-I", protos, "--include_imports", "--include_source_info", $"--descriptor_set_out={made}", .. files]);
            Assert.True(code == 0, output);
            return FileDescriptorSet.Parser.ParseFrom(await File.ReadAllBytesAsync(made));
        }
        finally
        {
            File.Delete(made);
        }
    }
}
