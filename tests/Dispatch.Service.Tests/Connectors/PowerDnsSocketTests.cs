using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficDispatch.Dns.PowerDns;
using TrafficDispatch.Service.Connectors;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Tests.Connectors;

[Collection(nameof(NamingService))]
public sealed class PowerDnsSocketTests(NamingService shared) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Lookup =
        """{"method":"lookup","parameters":{"qname":"live.example.net.","qtype":"ANY","real-remote":"81.2.69.0/24","remote":"127.0.0.1","zone-id":-1}}"""u8.ToArray();

    private readonly StateDirectory _folder = new();

    private string Own => Path.Combine(_folder.Path, "own.sock");

    [Fact]
    public async Task Connection_ManyLinesAtOnce_AreAnsweredInOrder()
    {
        using Socket socket = await Connect(shared.Socket);
        await Say(socket, [.. "{\"method\":\"initialize\",\"parameters\":{}}\nnonsense\n"u8, .. Lookup, (byte)'\n', .. "{\"method\":\"getAllDomainMetadata\"}\n"u8]);
        string[] lines = await Hear(socket, 4);
        Assert.Equal(("{\"result\":true}", "{\"result\":false}", "{\"result\":{}}"), (lines[0], lines[1], lines[3]));
        Assert.Contains("198.18.", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_LineInPieces_IsPutTogether()
    {
        using Socket socket = await Connect(shared.Socket);
        foreach (byte b in Lookup) await Say(socket, [b]);
        await Say(socket, "\n"u8.ToArray());
        Assert.Contains("scopeMask\":24", (await Hear(socket, 1))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_EndlessLine_IsClosed()
    {
        using Socket socket = await Connect(shared.Socket);
        await Say(socket, new byte[RemoteCall.MaxBytes + 1]);
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).WaitAsync(Patience));
        using Socket next = await Connect(shared.Socket);
        await Say(next, [.. Lookup, (byte)'\n']);
        Assert.Single(await Hear(next, 1));
    }

    [Fact]
    public async Task Connections_ManyAtOnce_AllGetAnswers()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            using Socket socket = await Connect(shared.Socket);
            for (int i = 0; i < 5; i++)
            {
                await Say(socket, [.. Lookup, (byte)'\n']);
                Assert.Single(await Hear(socket, 1));
            }
        }));
    }

    [Fact]
    public void File_OfTheSocket_IsForOwnerAndGroup()
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The service's socket needs unix sockets with modes.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(shared.Socket));
    }

    [Fact]
    public async Task Start_FileLeftBehind_IsReplacedAndGoneAfterwards()
    {
        // A socket that is closed in order takes its file along; what a crash leaves is what was renamed before.
        using (Socket left = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(Own + ".crashed"));
            File.Move(Own + ".crashed", Own);
        }
        Assert.True(File.Exists(Own));
        using (PowerDnsSocket server = Server(Own))
        {
            await server.StartAsync(default);
            using Socket socket = await Connect(Own);
            await Say(socket, [.. Lookup, (byte)'\n']);
            Assert.Single(await Hear(socket, 1));
            await server.StopAsync(default);
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).WaitAsync(Patience));
        }
        Assert.False(File.Exists(Own));
    }

    [Fact]
    public async Task Start_SocketInUseOrNoSocket_IsRefusedAndKept()
    {
        using PowerDnsSocket second = Server(shared.Socket);
        Assert.Contains("another process listens", (await Assert.ThrowsAsync<IOException>(() => second.StartAsync(default))).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Own, "mine");
        using PowerDnsSocket third = Server(Own);
        Assert.Contains("no socket", (await Assert.ThrowsAsync<IOException>(() => third.StartAsync(default))).Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Own));
        using Socket first = await Connect(shared.Socket);
        await Say(first, [.. Lookup, (byte)'\n']);
        Assert.Single(await Hear(first, 1));
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosedUntilOneEnds()
    {
        using PowerDnsSocket server = Server(Own, connections: 1);
        await server.StartAsync(default);
        Socket first = await Connect(Own);
        await Say(first, [.. Lookup, (byte)'\n']);
        await Hear(first, 1);
        using Socket second = await Connect(Own);
        Assert.Equal(0, await second.ReceiveAsync(new byte[1]).WaitAsync(Patience));
        first.Dispose();
        // The end of the first is seen by the server some time later; a refused connection means: ask again.
        string[] lines = [];
        for (int tries = 0; tries < 1000 && lines.Length == 0; tries++)
        {
            using Socket third = await Connect(Own);
            lines = await TryAsk(third);
        }
        Assert.Single(lines);
        await server.StopAsync(default);
    }

    public void Dispose() => _folder.Dispose();

    private PowerDnsSocket Server(string path, int connections = 4) => new(
        shared.Service.Part<DnsDesk>(), new DnsSettings { Socket = path, Connections = connections }, TimeProvider.System, NullLogger<PowerDnsSocket>.Instance);

    private static async Task<Socket> Connect(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).WaitAsync(Patience);
        return socket;
    }

    private static async Task Say(Socket socket, byte[] bytes)
    {
        ReadOnlyMemory<byte> left = bytes;
        while (left.Length > 0) left = left[await socket.SendAsync(left).AsTask().WaitAsync(Patience)..];
    }

    private static async Task<string[]> TryAsk(Socket socket)
    {
        try
        {
            await Say(socket, [.. Lookup, (byte)'\n']);
            return await Hear(socket, 1);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset)
        {
            return [];
        }
    }

    /// <summary>So many lines, or fewer where the other side closes.</summary>
    private static async Task<string[]> Hear(Socket socket, int lines)
    {
        List<byte> heard = [];
        byte[] buffer = new byte[4096];
        while (heard.Count(static b => b == (byte)'\n') < lines)
        {
            int received = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
            if (received == 0) break;
            heard.AddRange(buffer.AsSpan(0, received));
        }
        return Encoding.UTF8.GetString([.. heard]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
