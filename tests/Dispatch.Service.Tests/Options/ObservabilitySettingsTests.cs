using Microsoft.Extensions.Configuration;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Tests.Options;

public sealed class ObservabilitySettingsTests
{
    [Fact]
    public void Read_NothingGiven_SendsAndWritesNothing()
    {
        ServiceSettings settings = Read([], out string[] faults);
        Assert.Empty(faults);
        Assert.Null(settings.Otlp);
        Assert.Equal(0, settings.DecisionLog.OneIn);
    }

    [Fact]
    public void Read_StandardVariables_AreHeededWhereOursSayNothing()
    {
        Dictionary<string, string?> standard = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=Bearer%20hunter2",
        };
        OtlpSettings read = Read(standard, out string[] faults).Otlp!;
        Assert.Empty(faults);
        Assert.Equal(("http://collector:4318/v1/metrics", "authorization=Bearer%20hunter2"), (read.AddressOf("metrics").AbsoluteUri, read.Headers));
        Assert.DoesNotContain("hunter2", read.ToString(), StringComparison.Ordinal);
        standard["Otlp:Endpoint"] = "https://other:4317";
        standard["Otlp:Protocol"] = "grpc";
        Assert.Equal("https://other:4317/", Read(standard, out _).Otlp!.AddressOf("traces").AbsoluteUri);
    }

    [Theory]
    [InlineData("Otlp:Endpoint", "collector:4317")]
    [InlineData("Otlp:Endpoint", "http://user:hunter2@collector:4317")]
    [InlineData("Otlp:Endpoint", "http://collector:4317/?token=hunter2")]
    [InlineData("Otlp:Protocol", "thrift")]
    [InlineData("Otlp:Interval", "00:00:00")]
    [InlineData("Otlp:Timeout", "00:02:00")]
    [InlineData("Otlp:HeadersFile", "/no/such/file")]
    [InlineData("Otlp:Traces", "maybe")]
    [InlineData("DecisionLog:OneIn", "0")]
    [InlineData("DecisionLog:PerSecond", "0")]
    [InlineData("DecisionLog:Megabytes", "a lot")]
    [InlineData("DecisionLog:Files", "101")]
    public void Read_OutOfRange_IsRefusedWithoutSecrets(string key, string value)
    {
        Read(new() { ["Otlp:Endpoint"] = "http://collector:4317", ["DecisionLog:OneIn"] = "10", [key] = value }, out string[] faults);
        string fault = Assert.Single(faults);
        Assert.StartsWith(key, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Otlp:Interval", "00:00:10")]
    [InlineData("DecisionLog:PerSecond", "10")]
    public void Read_WithoutWhatItBelongsTo_IsRefused(string key, string value)
    {
        Read(new() { [key] = value }, out string[] faults);
        Assert.Contains("needs", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileOfHeaders_NamesTheLineAndNotItsText()
    {
        using StateDirectory folder = new();
        string path = Path.Combine(folder.Path, "headers");
        File.WriteAllText(path, "x-token: a b\nhunter2\n");
        Read(new() { ["Otlp:Endpoint"] = "http://collector:4317", ["Otlp:HeadersFile"] = path }, out string[] faults);
        string fault = Assert.Single(faults);
        Assert.Contains("line 2", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    private static ServiceSettings Read(Dictionary<string, string?> values, out string[] faults)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(EndpointDefaults.Values).AddInMemoryCollection(values).Build();
        ServiceSettings settings = SettingsReader.Read(configuration, out IReadOnlyList<SettingFault> found);
        faults = [.. found.Select(static f => f.ToString())];
        return settings;
    }
}
