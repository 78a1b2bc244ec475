namespace TrafficDispatch.Docs.Tests.Samples;

/// <summary>Python's messages of our protocol, made by protoc as the samples' pages say; once for all tests.</summary>
internal static class PythonMessages
{
    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    /// <summary>The folder that <c>PYTHONPATH</c> names.</summary>
    public static Task<string> Folder => Made.Value;

    private static async Task<string> MakeAsync()
    {
        string folder = Directory.CreateTempSubdirectory("dispatch-python-").FullName, protos = Path.Combine(ForeignTool.Root, "src", "Dispatch.Protocol", "proto");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        string[] files = [.. Directory.GetFiles(Path.Combine(protos, "dispatch", "v1"), "*.proto")];
        (int code, string output) = await ForeignTool.RunAsync("protoc", ["-I", protos, $"--python_out={folder}", .. files]);
        Assert.True(code == 0, output);
        return folder;
    }
}
