using Grpc.Core;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>Tokens of vantages, from the file to the call.</summary>
public sealed class VantageGateTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_file);
        _state.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("ams", "Bearer ams-token", StatusCode.OK)]
    [InlineData("nyc", "bearer nyc-token", StatusCode.OK)]
    [InlineData("sin", "Bearer any-token", StatusCode.OK)]
    [InlineData("nyc", "Bearer ams-token", StatusCode.PermissionDenied)]
    [InlineData("*", "Bearer ams-token", StatusCode.PermissionDenied)]
    [InlineData("ams", "Bearer ams-toke", StatusCode.Unauthenticated)]
    [InlineData("ams", "ams-token", StatusCode.Unauthenticated)]
    [InlineData("ams", null, StatusCode.Unauthenticated)]
    public async Task Report_TokenFileIsSet_VantageSpeaksForItselfAlone(string vantage, string? header, StatusCode expected)
    {
        await File.WriteAllTextAsync(_file, "# vantages\nams ams-token\n\nnyc\tnyc-token\n* any-token\n");
        await using TestService service = await Start($"Probes:TokenFile={_file}");
        Assert.Equal(expected, await ReportAsync(service, vantage, header));
        Assert.DoesNotContain(service.Log.All, static l => l.Contains("-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Report_ManyRefusals_AreCountedAndToldOnceInAWhile()
    {
        await File.WriteAllTextAsync(_file, "ams ams-token\n");
        await using TestService service = await Start($"Probes:TokenFile={_file}");
        for (int i = 0; i < 5; i++) await ReportAsync(service, "ams", "Bearer wrong");
        Assert.Single(service.Log.All, static l => l.Contains("are refused", StringComparison.Ordinal));
        service.Clock.Advance(TimeSpan.FromSeconds(11));
        await ReportAsync(service, "nyc", "Bearer ams-token");
        Assert.Contains(service.Log.All, static l => l.Contains("as vantage 'nyc' are refused", StringComparison.Ordinal) && l.Contains("(4 more since", StringComparison.Ordinal));
        using HttpClient http = new();
        Assert.Contains("dispatch_probes_refused_calls_total 6\n", await http.GetStringAsync(new Uri(service.HttpUrl + "/metrics")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NameOfTheServicesOwnVantage_IsRefused()
    {
        await using TestService service = await Start();
        Assert.Equal(StatusCode.InvalidArgument, await ReportAsync(service, "telemetry", null));
    }

    private static async Task<StatusCode> ReportAsync(TestService service, string vantage, string? header)
    {
        Metadata headers = [];
        if (header is not null) headers.Add("authorization", header);
        using AsyncClientStreamingCall<ProbeReport, ProbeSummary> call = new Probes.ProbesClient(service.Channel).Report(headers);
        try
        {
            await call.RequestStream.WriteAsync(new ProbeReport { Vantage = vantage, Kind = "edge", Id = "own-par", Good = true });
            await call.RequestStream.CompleteAsync();
            await call.ResponseAsync;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private Task<TestService> Start(params string[] settings) => TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=10", .. settings]);
}
