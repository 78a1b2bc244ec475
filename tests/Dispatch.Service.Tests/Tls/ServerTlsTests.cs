using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Control;
using TrafficDispatch.Service.Tests.Telemetry;

namespace TrafficDispatch.Service.Tests.Tls;

/// <summary>Endpoints over TLS: certificates that follow their files, and clients that show their own.</summary>
public sealed class ServerTlsTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Rotate_UnderRunningCalls_NewConnectionsSeeTheNewOneAndOldOnesGoOn()
    {
        string first = _authority.Server("server");
        await using TestService service = await Start(OverTls("Grpc"));
        List<string> seen = [];
        using GrpcChannel old = Channel(service, seen);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = new Grpc.Health.V1.Health.HealthClient(old).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext());
        await Ask(old);

        string second = _authority.Server("server");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await Ask(old);
        using (GrpcChannel fresh = Channel(service, seen)) await Ask(fresh);
        Assert.Equal([first, second], seen);
        Assert.Contains(service.Log.All, static l => l.Contains("has changed and is in force", StringComparison.Ordinal));

        // A key that does not fit, then no certificate at all: what was read last stays.
        await File.WriteAllTextAsync(_authority.PathOf("server.key"), await File.ReadAllTextAsync(Other("server.key")));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await File.WriteAllTextAsync(_authority.PathOf("server.pem"), "-----BEGIN NONSENSE-----\n");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using (GrpcChannel fresh = Channel(service, seen)) await Ask(fresh);
        Assert.Equal(second, seen[^1]);
        Assert.Equal(2, service.Log.All.Count(static l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("cannot be used; what it said before stays", StringComparison.Ordinal)));
        await Ask(old);
        Assert.Equal(3, seen.Count);

        string third = _authority.Server("server");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using (GrpcChannel fresh = Channel(service, seen)) await Ask(fresh);
        Assert.Equal(third, seen[^1]);
        using HttpClient http = new();
        string metrics = await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics"));
        Match expiry = Regex.Match(metrics, "dispatch_certificate_expiry_seconds\\{endpoint=\"grpc\"\\} (?<s>\\S+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        using X509Certificate2 used = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(_authority.PathOf("server.pem")));
        Assert.Equal((used.NotAfter.ToUniversalTime() - service.Clock.GetUtcNow().UtcDateTime).TotalSeconds, double.Parse(expiry.Groups["s"].Value, CultureInfo.InvariantCulture), 1.0);
        Assert.Equal("", await Promtool.Check(metrics));
    }

    [Fact]
    public async Task Admin_ClientCertificates_HaveTheRolesOfTheirLines()
    {
        _authority.Server("server");
        _authority.Client("ana", "CN=ana, O=Ops");
        _authority.Client("bot", "CN=whoever", static names => names.AddUri(new("spiffe://example.net/deploy")));
        _authority.Client("eve", "CN=eve");
        using TestAuthority foreign = new();
        foreign.Client("ana", "CN=ana, O=Ops");
        string rules = _authority.PathOf("rules");
        await File.WriteAllTextAsync(rules, "ana operator subject:CN=ana, O=Ops\nbot viewer uri:spiffe://example.net/deploy\n");
        await using TestService service = await Start(
            [.. OverTls("Admin"), "Kestrel:Endpoints:Admin:ClientCertificateMode=AllowCertificate", $"Tls:ClientCaFile={_authority.CaFile}", $"Admin:CertificateFile={rules}"]);
        Assert.StartsWith("https://", service.AdminUrl, StringComparison.Ordinal);

        Assert.Equal((StatusCode.OK, StatusCode.OK), await As(service, _authority.Handler("ana", Nobody)));
        Assert.Equal((StatusCode.PermissionDenied, StatusCode.OK), await As(service, _authority.Handler("bot", Nobody)));
        Assert.Equal((StatusCode.Unauthenticated, StatusCode.Unauthenticated), await As(service, _authority.Handler("eve", Nobody)));
        Assert.Equal((StatusCode.Unauthenticated, StatusCode.Unauthenticated), await As(service, _authority.Handler(null, Nobody)));
        // Another authority's certificate of the same name ends the connection.
        SocketsHttpHandler stranger = _authority.Handler(null, Nobody);
        stranger.SslOptions.ClientCertificates = [foreign.Load("ana")];
        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), await As(service, stranger));
        Assert.Equal((StatusCode.OK, StatusCode.OK), await As(service, _authority.Handler("eve", Nobody), (await File.ReadAllTextAsync(Path.Combine(_state.Path, "admin.token"))).Trim()));
        Assert.Equal((StatusCode.Unauthenticated, StatusCode.Unauthenticated), await As(service, _authority.Handler("ana", Nobody), "wrong"));
        await File.WriteAllTextAsync(rules, "eve operator cn:eve\n");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((StatusCode.OK, StatusCode.OK), await As(service, _authority.Handler("eve", Nobody)));

        static void Nobody(string thumbprint)
        {
            // These tests do not look at whom they speak to.
        }
    }

    [Fact]
    public async Task Cli_CertificateAndAuthority_DrainsOverMutualTls()
    {
        _authority.Server("server");
        _authority.Client("ana", "CN=ana");
        string rules = _authority.PathOf("rules");
        await File.WriteAllTextAsync(rules, "ana operator cn:ana\n");
        await using TestService service = await Start(
            [.. OverTls("Admin"), "Kestrel:Endpoints:Admin:ClientCertificateMode=RequireCertificate", $"Tls:ClientCaFile={_authority.CaFile}", $"Admin:CertificateFile={rules}"]);
        await using ServiceProcess tool = ServiceProcess.StartProgram("dispatch.dll", "drain", "own-par", "--admin", service.AdminUrl, "--state", _authority.PathOf("nowhere"),
            "--ca", _authority.CaFile, "--cert", _authority.PathOf("ana.pem"), "--key", _authority.PathOf("ana.key"), "--json");
        Assert.True(await tool.ExitCode() == 0, tool.Errors);
        Assert.Contains("\"source\":\"operator:ana\"", tool.Output, StringComparison.Ordinal);
        await using ServiceProcess wary = ServiceProcess.StartProgram("dispatch.dll", "overrides", "--admin", service.AdminUrl);
        Assert.Equal(6, await wary.ExitCode());
    }

    [Theory]
    [InlineData("python3", "python/tls.py")]
    [InlineData("node", "node/tls.js")]
    public async Task Call_OverTlsFromAForeignClient_PassesItsChecks(string program, string script)
    {
        _authority.Server("server");
        _authority.Client("ana", "CN=ana");
        await using TestService service = await Start(
            [.. OverTls("Grpc"), "Kestrel:Endpoints:Grpc:ClientCertificateMode=RequireCertificate", $"Tls:ClientCaFile={_authority.CaFile}"]);
        string path = Path.Combine(Repository.Root, "tests", "interop", script);
        System.Diagnostics.ProcessStartInfo start = new(program == "python3" ? "/usr/bin/python3" : program,
            [path, "localhost:" + new Uri(service.GrpcUrl).Port.ToString(CultureInfo.InvariantCulture), _authority.CaFile, _authority.PathOf("ana.pem"), _authority.PathOf("ana.key")])
        { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using System.Diagnostics.Process client = System.Diagnostics.Process.Start(start)!;
        Task<string> output = client.StandardOutput.ReadToEndAsync(), errors = client.StandardError.ReadToEndAsync();
        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(client.ExitCode == 0, await output + await errors);
        Assert.Contains("4 passed, 0 failed", await output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PfxWithItsPasswordInTheEnvironment_Serves()
    {
        _authority.Server("server");
        string pfx = _authority.Pfx("server", "pfx-secret");
        Dictionary<string, string> environment = new() { ["Kestrel__Endpoints__Grpc__Certificate__Password"] = "pfx-secret" };
        string[] settings = ["--Kestrel:Endpoints:Grpc:Url=https://127.0.0.1:0", $"--Kestrel:Endpoints:Grpc:Certificate:Path={pfx}"];
        await using ServiceProcess service = ServiceProcess.Start(environment, [.. TestService.Arguments(_world.Directory, _state.Path), .. settings]);
        await service.WaitFor("Listening: ");
        string token = (await File.ReadAllTextAsync(Path.Combine(_state.Path, "admin.token"))).Trim();
        if (OperatingSystem.IsLinux())
        {
            string line = await File.ReadAllTextAsync($"/proc/{service.Id}/cmdline");
            Assert.DoesNotContain("pfx-secret", line, StringComparison.Ordinal);
            Assert.DoesNotContain(token, line, StringComparison.Ordinal);
        }
        string url = Regex.Match(service.Output, @"gRPC at (?<url>https://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["url"].Value;
        using GrpcChannel channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions { HttpHandler = _authority.Handler(null, static _ => { }), DisposeHttpClient = true });
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = "dispatch.v1.Status" })).Status);
        Assert.DoesNotContain("pfx-secret", service.Output + service.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(token, service.Output + service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_KeyThatOthersMayRead_IsWarnedOf()
    {
        _authority.Server("server");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_authority.PathOf("server.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await using TestService service = await Start(OverTls("Http"));
        Assert.Contains(service.Log.All, static l => l.StartsWith("Warning", StringComparison.Ordinal) && l.Contains("server.key holds a secret and others may read it", StringComparison.Ordinal));
    }

    private static async Task<(StatusCode Drain, StatusCode List)> As(TestService service, SocketsHttpHandler handler, string token = "")
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(service.AdminUrl, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Admin.AdminClient admin = new(channel);
        Metadata headers = token.Length > 0 ? [new("authorization", "Bearer " + token)] : [];
        DrainRequest drain = new() { Targets = { new AdminTarget { Kind = "edge", Id = "own-bos" } } };
        return ((await AdminCaller.Refusal(async () => await admin.DrainAsync(drain, headers))).StatusCode,
            (await AdminCaller.Refusal(async () => await admin.ListOverridesAsync(new ListOverridesRequest(), headers))).StatusCode);
    }

    private static async Task Ask(GrpcChannel channel) => Assert.NotEmpty((await new Routing.RoutingClient(channel).ResolveAsync(new() { RegionId = "FR-01" })).Edges);

    private GrpcChannel Channel(TestService service, List<string> seen) =>
        GrpcChannel.ForAddress(service.GrpcUrl, new GrpcChannelOptions { HttpHandler = _authority.Handler(null, seen.Add), DisposeHttpClient = true });

    private string Other(string name)
    {
        using TestAuthority other = new();
        other.Server("server");
        string copy = _authority.PathOf("other.key");
        File.Copy(other.PathOf(name), copy, overwrite: true);
        return copy;
    }

    private string[] OverTls(string endpoint) =>
    [
        $"Kestrel:Endpoints:{endpoint}:Url=https://127.0.0.1:0", $"Kestrel:Endpoints:{endpoint}:Certificate:Path={_authority.PathOf("server.pem")}",
        $"Kestrel:Endpoints:{endpoint}:Certificate:KeyPath={_authority.PathOf("server.key")}",
    ];

    private Task<TestService> Start(params string[] settings) => TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=10", .. settings]);
}
