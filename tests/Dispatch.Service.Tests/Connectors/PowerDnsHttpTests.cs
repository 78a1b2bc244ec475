using System.Net;
using System.Text;

namespace TrafficDispatch.Service.Tests.Connectors;

[Collection(nameof(NamingService))]
public sealed class PowerDnsHttpTests(NamingService shared) : IDisposable
{
    private const string Found = "\"content\":\"198.18.";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(shared.Service.HttpUrl) };

    [Theory]
    [InlineData("/dns/lookup/live.example.net./ANY")]
    [InlineData("/dns/lookup/LIVE.example.net/a")]
    [InlineData("/DNS/LookUp/live%2Eexample.net./A")]
    [InlineData("/dns/lookup/live.example.net./ANY?x=1")]
    public async Task Get_Lookup_FindsTheClientsEdge(string path)
    {
        (HttpStatusCode status, string body) = await Send(new(HttpMethod.Get, path));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(Found, body, StringComparison.Ordinal);
        Assert.Contains("\"scopeMask\":24", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dns/lookup/nobody.example.net./ANY")]
    [InlineData("/dns/lookup/a%2Fb.example.net/ANY")]
    [InlineData("/dns/unheardOf/x")]
    [InlineData("/dns")]
    [InlineData("/dns/")]
    public async Task Get_WhatIsNotThere_IsFalse(string path) => Assert.Equal((HttpStatusCode.OK, "{\"result\":false}\n"), await Send(new(HttpMethod.Get, path)));

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Changes_OfZones_AreFalse(string method) =>
        Assert.Equal((HttpStatusCode.OK, "{\"result\":false}\n"), await Send(new(new HttpMethod(method), "/dns/feedRecord/1")));

    [Fact]
    public async Task Post_WholeCall_IsAnswered()
    {
        (HttpStatusCode status, string body) = await Post("/dns", """{"method":"lookup","parameters":{"qname":"live.example.net.","qtype":"ANY","real-remote":"81.2.69.0/24"}}""", "text/javascript");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(Found, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ParametersAsAForm_AreRead()
    {
        string form = "parameters=" + Uri.EscapeDataString("""{"qname":"live.example.net.","qtype":"ANY","real-remote":"81.2.69.0/24"}""").Replace("%20", "+", StringComparison.Ordinal);
        (HttpStatusCode status, string body) = await Post("/dns/lookup", form, "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(Found, body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dns", "{", "text/javascript")]
    [InlineData("/dns", "", "text/javascript")]
    [InlineData("/dns/lookup", "parameters=%7B", "application/x-www-form-urlencoded")]
    public async Task Post_NoCall_IsBad(string path, string body, string type) => Assert.Equal(HttpStatusCode.BadRequest, (await Post(path, body, type)).Status);

    [Fact]
    public async Task Post_TooLong_IsBad()
    {
        string call = $"{{\"method\":\"{new string('a', 200_000)}\"}}";
        Assert.Equal(HttpStatusCode.BadRequest, (await Post("/dns", call, "text/javascript")).Status);
    }

    [Fact]
    public async Task Get_MetricsAfterwards_CountByRcode()
    {
        await Send(new(HttpMethod.Get, "/dns/lookup/nobody.example.net/ANY"));
        Assert.Matches("""dispatch_dns_answers_total\{connector="powerdns_http",rcode="NXDOMAIN"\} [1-9]""", (await Send(new(HttpMethod.Get, "/metrics"))).Body);
    }

    public void Dispose() => _http.Dispose();

    private Task<(HttpStatusCode Status, string Body)> Post(string path, string body, string type) =>
        Send(new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) });

    private async Task<(HttpStatusCode Status, string Body)> Send(HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Add("X-RemoteBackend-remote", "127.0.0.1");
            request.Headers.Add("X-RemoteBackend-real-remote", "81.2.69.0/24");
            using HttpResponseMessage response = await _http.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }
}
