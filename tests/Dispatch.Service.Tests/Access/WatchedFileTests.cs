using System.Collections.Immutable;
using System.Text;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Tests.Access;

/// <summary>Files that are read again while the process runs.</summary>
public sealed class WatchedFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Look_FileChanges_IsReadAnewAndAFaultyOneKeepsTheLast()
    {
        File.WriteAllText(_file, "one");
        WatchedFile<string> file = Open(out ImmutableArray<string> faults);
        Assert.Empty(faults);
        Assert.Null(file.Look());
        DateTime date = File.GetLastWriteTimeUtc(_file);
        File.WriteAllText(_file, "two");
        // A date that stays must hide nothing.
        File.SetLastWriteTimeUtc(_file, date);
        Assert.Empty(file.Look()!.Faults);
        Assert.Equal("two", file.Current);
        File.WriteAllText(_file, "bad");
        Assert.Equal(["is bad"], file.Look()!.Faults.AsEnumerable());
        Assert.Null(file.Look());
        Assert.Equal("two", file.Current);
        File.Delete(_file);
        Assert.Contains("can be read", Assert.Single(file.Look()!.Faults), StringComparison.Ordinal);
        Assert.Equal("two", file.Current);
        File.WriteAllText(_file, "three");
        Assert.Empty(file.Look()!.Faults);
        Assert.Equal("three", file.Current);
    }

    [Fact]
    public void Open_NoFile_SaysSo()
    {
        WatchedFile<string>.Open("/nowhere/at/all", Read, "", out ImmutableArray<string> faults);
        Assert.StartsWith("must be a file that can be read", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_HugeFile_IsNotRead()
    {
        using (FileStream huge = File.OpenWrite(_file)) huge.SetLength(2 << 20);
        Open(out ImmutableArray<string> faults);
        Assert.Contains("at most", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static string Read(byte[] text, out ImmutableArray<string> faults)
    {
        string said = Encoding.UTF8.GetString(text);
        faults = said == "bad" ? ["is bad"] : [];
        return said;
    }

    private WatchedFile<string> Open(out ImmutableArray<string> faults) => WatchedFile<string>.Open(_file, Read, "", out faults);
}
