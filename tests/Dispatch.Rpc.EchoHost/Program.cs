// Runs the echo server by itself: `dotnet run -c Release --project tests/Dispatch.Rpc.EchoHost -- [PORT [DESCRIPTOR_FILE]]`.
using System.Globalization;
using TrafficDispatch.Rpc.EchoHost;

int port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0;
if (args.Length > 1)
    EchoApp.WriteDescriptors(args[1]);
await using WebApplication app = EchoApp.Create(EchoApp.Loopback(port));
await app.StartAsync();
Console.WriteLine($"ready {app.Urls.First()}");
await app.WaitForShutdownAsync();
