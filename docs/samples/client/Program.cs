// dotnet run -- http://127.0.0.1:5051 81.2.69.160 47.69.230.120
return await Samples.Balancer.RunAsync(args[0], args[1..], Console.Out);
